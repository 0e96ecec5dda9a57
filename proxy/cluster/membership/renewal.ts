import type { Clock } from '../../ports/clock.js';
import { FORMAT, type ReplicaRecord, type Store } from '../store.js';
import type { ClusterTimes } from '../times.js';
import { freshIncarnation } from './incarnation.js';
import { RenewalLog } from './renewal-log.js';

export interface RenewalParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly times: Pick<ClusterTimes, 'renew' | 'dead'>;
  /** What this replica says of itself at present. */
  readonly record: () => ReplicaRecord;
  /** A renewal was acknowledged. */
  readonly renewed: () => void;
  /** Others declared this replica dead, or the store lost its record: it has a new incarnation, which has no record yet. */
  readonly reincarnated: (why: 'declared_dead' | 'store_lost') => void;
}

/** Earlier incarnations that are remembered: claims under older ones count as another's. */
const MAX_FORMER = 64;
/** Attempts of one renewal, each with what the one before it learned. */
const TRIES = 3;

/** Keeps this replica's own record in the store. */
export class Renewal {
  readonly #parts: RenewalParts;
  readonly #log: RenewalLog;
  #incarnation: string;
  readonly #former: string[] = [];
  /** Number of the last write of the record that is known; 0: none. */
  #sequence = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** Counts the renewals; the answers of an earlier one tell nothing once a later one has begun. */
  #round = 0;
  #underway: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;
  #undo: (() => void)[] = [];

  constructor(parts: RenewalParts) {
    this.#parts = parts;
    this.#log = new RenewalLog(parts.times.dead);
    this.#incarnation = freshIncarnation(parts.record().name);
  }

  get incarnation(): string {
    return this.#incarnation;
  }

  /** Whether an incarnation is, or was, this process. */
  isOwn(incarnation: string): boolean {
    return incarnation === this.#incarnation || this.#former.includes(incarnation);
  }

  /** When the last acknowledged renewal was sent, steady clock. */
  get sentAt(): number {
    return this.#sentAt;
  }

  /** A record with a lower number belongs to a replica that has not renewed for the time after which it may be declared dead. */
  get floor(): number | undefined {
    return this.#log.floor(this.#parts.clock.steady());
  }

  start(): void {
    const { store, clock, times } = this.#parts;
    this.#undo = [
      store.answerFor(this.#incarnation),
      clock.every(times.renew, () => {
        if (this.#underway === undefined) void this.renew();
      }),
    ];
    void this.renew();
  }

  /** Leaves the fleet: renews no more, and says so in place of the record, so that others may take what was left behind. */
  async stop(): Promise<void> {
    this.#round += 1;
    for (const undo of this.#undo) undo();
    await this.#retire();
  }

  /** Renews now, whatever is underway, of which nothing is expected any more; true when the store has acknowledged it. */
  renew(): Promise<boolean> {
    this.#round += 1;
    const round = this.#round;
    const underway = this.#attempts(round).finally(() => {
      if (round === this.#round) this.#underway = undefined;
    });
    this.#underway = underway;
    return underway;
  }

  /** Renews once from now on; all who ask while a renewal is underway share the next. True when the store has acknowledged it. */
  confirm(): Promise<boolean> {
    if (this.#underway === undefined) return this.renew();
    this.#next ??= this.#underway.then(() => {
      this.#next = undefined;
      return this.confirm();
    });
    return this.#next;
  }

  /** Renewals before this moment prove nothing of the others: they could not renew either. */
  forgetOthers(): void {
    this.#log.clear();
  }

  async #attempts(round: number): Promise<boolean> {
    const { store, clock, record } = this.#parts;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const incarnation = this.#incarnation;
      const sentAt = clock.steady();
      const put = await store.putRecord(incarnation, record(), this.#sequence);
      if (round !== this.#round) return false;
      if (put.t === 'unknown') return false;
      if (put.t === 'written') {
        this.#written(put.sequence, sentAt);
        return true;
      }
      const read = await store.readRecord(incarnation);
      if (round !== this.#round || read.t === 'unknown') return false;
      this.#learn(read.stored);
    }
    return false;
  }

  async #retire(): Promise<void> {
    const { store } = this.#parts;
    const incarnation = this.#incarnation;
    for (let tries = 0; tries < TRIES && this.#sequence > 0 && store.connected; tries += 1) {
      const put = await store.putRecord(incarnation, { format: FORMAT, dead: incarnation }, this.#sequence);
      if (put.t !== 'conflict') return;
      // A renewal that was underway came first.
      const read = await store.readRecord(incarnation);
      if (read.t === 'unknown' || read.stored === undefined || 'dead' in read.stored.value) return;
      this.#sequence = read.stored.sequence;
    }
  }

  #written(sequence: number, sentAt: number): void {
    this.#sequence = sequence;
    this.#sentAt = sentAt;
    this.#log.note(sequence, this.#parts.clock.steady());
    this.#parts.renewed();
  }

  /** A write conflicted: what is stored tells why. An answer to an earlier write was lost, or this replica is not what it thinks. */
  #learn(stored: { readonly value: object; readonly sequence: number } | undefined): void {
    if (stored !== undefined && 'dead' in stored.value) {
      this.#reincarnate('declared_dead');
    } else if (stored !== undefined && stored.sequence >= this.#sequence) {
      this.#sequence = stored.sequence;
    } else if (this.#sequence > 0) {
      // It is gone, or the store is back at an earlier time: it may have lost claims as well.
      this.#reincarnate('store_lost');
    }
  }

  #reincarnate(why: 'declared_dead' | 'store_lost'): void {
    const { store, record, reincarnated } = this.#parts;
    this.#undo.shift()?.();
    this.#former.push(this.#incarnation);
    if (this.#former.length > MAX_FORMER) this.#former.shift();
    this.#incarnation = freshIncarnation(record().name);
    this.#undo.unshift(store.answerFor(this.#incarnation));
    this.#sequence = 0;
    this.#log.clear();
    reincarnated(why);
  }
}
