import type { Clock } from '../../ports/clock.js';
import type { HopEvidence } from '../../session/life/locator.js';
import type { ClusterCounts } from '../counts.js';
import { FORMAT, type Store } from '../store.js';
import type { ClusterTimes } from '../times.js';

export interface DeathParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly times: Pick<ClusterTimes, 'renew'>;
  readonly counts: ClusterCounts;
  /** This replica's own incarnation at present. */
  readonly incarnation: () => string;
  /** Since when this replica may judge others, steady clock; undefined while it may not. */
  readonly judgesSince: () => number | undefined;
  /** A record with a lower number was not renewed for the time of death; undefined where that cannot be told. */
  readonly floor: () => number | undefined;
  /** Renews the own record once from now on: when that works, the store has not lost what it held before. */
  readonly confirm: () => Promise<boolean>;
  /** Hears of each declaration. */
  readonly declared: (incarnation: string, why: string) => void;
}

/** What is known of an incarnation; `unknown`: the store does not answer. */
export type Life = 'alive' | 'dead' | 'unknown';

/** Incarnations that are remembered, each as dead or as seen alive; beyond that the oldest are asked for again. */
const MAX_KNOWN = 1_024;

/**
 * Tells whether an incarnation is dead. Death is a fact in the store, never an opinion: it is written over the victim's own record and
 * expects the number that was judged by, so that one that renews meanwhile lives.
 */
export class Deaths {
  readonly #parts: DeathParts;
  readonly #dead = new Set<string>();
  /** When each was last seen alive, steady clock. */
  readonly #alive = new Map<string, number>();
  readonly #underway = new Map<string, Promise<Life>>();

  constructor(parts: DeathParts) {
    this.#parts = parts;
  }

  /** Tells what the store says. What was seen alive within the time of a renewal is not asked for again. */
  of(incarnation: string): Life | Promise<Life> {
    if (this.#dead.has(incarnation)) return 'dead';
    const { clock, times } = this.#parts;
    if (clock.steady() - (this.#alive.get(incarnation) ?? Number.NEGATIVE_INFINITY) < times.renew) return 'alive';
    return this.#once(`read ${incarnation}`, () => this.#read(incarnation));
  }

  /** Judges the owner that a hop has failed to reach, and declares it dead where the evidence suffices. */
  judge(evidence: HopEvidence): Life | Promise<Life> {
    const { incarnation } = evidence.owner;
    if (this.#dead.has(incarnation)) return 'dead';
    return this.#once(`${evidence.fault} ${incarnation}`, () => this.#judge(evidence));
  }

  /** Many newcomers may ask for one incarnation at a time: all get one answer. */
  #once(key: string, ask: () => Promise<Life>): Promise<Life> {
    const underway = this.#underway.get(key);
    if (underway !== undefined) return underway;
    const asked = ask().finally(() => this.#underway.delete(key));
    this.#underway.set(key, asked);
    return asked;
  }

  async #read(incarnation: string): Promise<Life> {
    const told = await this.#told(incarnation);
    return typeof told === 'number' ? this.#isAlive(incarnation) : told;
  }

  async #judge({ owner, fault }: HopEvidence): Promise<Life> {
    const { incarnation } = owner;
    const { store, floor } = this.#parts;
    const sequence = await this.#told(incarnation);
    if (typeof sequence !== 'number') return sequence;
    const bound = floor();
    if (bound !== undefined && sequence < bound) return this.#declare(incarnation, sequence, 'it renews no more');
    if (fault !== 'refused' && fault !== 'replaced') return 'alive';
    if (!this.#isSettled() || (await store.isAlive(incarnation)) !== 'nobody') return 'alive';
    return this.#declare(incarnation, sequence, 'nobody listens at its address, and nobody answers for it');
  }

  /** What the record says: the number of one that lives, or what is known without one. */
  async #told(incarnation: string): Promise<Life | number> {
    const read = await this.#parts.store.readRecord(incarnation);
    if (read.t === 'unknown') return 'unknown';
    if (read.stored === undefined) return this.#declare(incarnation, 0, 'it has no record');
    return 'dead' in read.stored.value ? this.#isDead(incarnation) : read.stored.sequence;
  }

  /**
   * After the store has come back everybody answers late for a moment, so that silence proves nothing: it counts after one renewal's time.
   */
  #isSettled(): boolean {
    const { judgesSince, clock, times } = this.#parts;
    const since = judgesSince();
    return since !== undefined && clock.steady() - since >= times.renew;
  }

  /** @param sequence number of the victim's record that was judged by; 0: it has none */
  async #declare(incarnation: string, sequence: number, why: string): Promise<Life> {
    const { store, confirm, judgesSince, incarnation: me, counts, declared } = this.#parts;
    // A store that has lost data says of everybody what it would say of the dead; but then it has lost this replica's record, too.
    if (!(await confirm()) || judgesSince() === undefined) return 'unknown';
    const put = await store.putRecord(incarnation, { format: FORMAT, dead: me() }, sequence);
    if (put.t === 'written') {
      counts.declared += 1;
      declared(incarnation, why);
      return this.#isDead(incarnation);
    }
    // It has renewed, or another replica has declared it dead at the same time.
    const read = await store.readRecord(incarnation);
    if (read.t === 'unknown') return 'unknown';
    if (read.stored === undefined) return 'unknown';
    return 'dead' in read.stored.value ? this.#isDead(incarnation) : this.#isAlive(incarnation);
  }

  #isDead(incarnation: string): Life {
    this.#alive.delete(incarnation);
    this.#dead.add(incarnation);
    bound(this.#dead);
    return 'dead';
  }

  #isAlive(incarnation: string): Life {
    this.#alive.delete(incarnation);
    this.#alive.set(incarnation, this.#parts.clock.steady());
    bound(this.#alive);
    return 'alive';
  }
}

function bound(known: Set<string> | Map<string, number>): void {
  const [oldest] = known.keys();
  if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
}
