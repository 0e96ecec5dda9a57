import type { Claim, Put, Read, ReplicaRecord, Store, Stored, Tombstone } from '../../proxy/cluster/store.js';
import { STORE_ANSWER } from '../../proxy/cluster/times.js';
import type { Clock } from '../../proxy/ports/clock.js';
import { FakeClock } from './fake-clock.js';

/** How far the numbers of a store that was wiped are above those before. */
const AFTER_WIPE = 1_000_000;

/** The tables that all replicas of a test share. */
export class FakeTables {
  /** The time of the tables and of what is on its way, which passes also for those who stand still. */
  readonly clock = new FakeClock();
  readonly claims = new Map<string, Stored<Claim>>();
  readonly records = new Map<string, Stored<ReplicaRecord | Tombstone>>();
  /** Stores by the incarnation that they answer for. */
  readonly answering = new Map<string, FakeStore>();
  #sequence = 0;

  put<T>(table: Map<string, Stored<T>>, key: string, value: T, expected: number): Put {
    if ((table.get(key)?.sequence ?? 0) !== expected) return { t: 'conflict' };
    this.#sequence += 1;
    this.#deleted.delete(key);
    table.set(key, { value, sequence: this.#sequence });
    return { t: 'written', sequence: this.#sequence };
  }

  /** The last claim of each meetup that was deleted. */
  readonly #deleted = new Map<string, Stored<Claim>>();

  release(sequence: number): void {
    for (const [meetupId, stored] of this.claims) {
      if (stored.sequence !== sequence) continue;
      this.claims.delete(meetupId);
      this.#deleted.set(meetupId, stored);
    }
  }

  /** Is killed, and forgets the last deletion of each meetup, where no other write followed. */
  forgetDeletions(): void {
    for (const [meetupId, stored] of this.#deleted) if (!this.claims.has(meetupId)) this.claims.set(meetupId, stored);
    this.#deleted.clear();
  }

  /** How often everything was lost. */
  wipes = 0;

  /** Loses everything, and what is on its way. */
  wipe(): void {
    this.wipes += 1;
    this.claims.clear();
    this.#deleted.clear();
    this.records.clear();
    this.#sequence += AFTER_WIPE;
  }
}

/** What becomes of one request. Milliseconds; absent: never. */
export interface Fate {
  /** Until the tables take it. */
  readonly applied?: number;
  /** From then on until the answer arrives. */
  readonly answered?: number;
}

const AT_ONCE: Fate = { applied: 0, answered: 0 };
const NEVER: Fate = {};

/** One replica's line to the tables. Requests are applied and answered at once, unless the test has another fate for them. */
export class FakeStore implements Store {
  readonly #tables: FakeTables;
  readonly #clock: Clock;
  readonly #watchers = new Set<(connected: boolean) => void>();
  /** Answers that came while the process stood still. */
  readonly #waiting: (() => void)[] = [];
  /** What becomes of the next requests, in their order; of writes of claims first by their own list. */
  readonly fates: Fate[] = [];
  readonly claimFates: Fate[] = [];
  /** Nothing comes through, and neither side has noticed. */
  isDeaf = false;
  /** The process stands still: that its line has changed, it learns by `notice`. */
  isStopped = false;
  /** Whether the line stands, and whether the replica thinks so. */
  #stands: boolean;
  #connected: boolean;

  constructor(tables: FakeTables, clock: Clock, connected = true) {
    this.#tables = tables;
    this.#clock = clock;
    this.#stands = connected;
    this.#connected = connected;
  }

  get connected(): boolean {
    return this.#connected;
  }

  set connected(is: boolean) {
    this.#stands = is;
    if (!this.isStopped) this.notice();
  }

  notice(): void {
    this.isStopped = false;
    for (const arrive of this.#waiting.splice(0)) arrive();
    if (this.#stands === this.#connected) return;
    this.#connected = this.#stands;
    for (const changed of [...this.#watchers]) changed(this.#connected);
  }

  onConnection(changed: (connected: boolean) => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  putClaim(meetupId: string, claim: Claim, expected: number): Promise<Put> {
    const put = (): Put => this.#tables.put(this.#tables.claims, meetupId, claim, expected);
    return this.#ask(put, UNKNOWN, this.claimFates);
  }

  readClaim(meetupId: string): Promise<Read<Claim>> {
    return this.#ask<Read<Claim>>(() => ({ t: 'read', stored: this.#tables.claims.get(meetupId) }), UNKNOWN);
  }

  releaseClaim(sequence: number): void {
    void this.#ask(() => this.#tables.release(sequence), undefined);
  }

  putRecord(incarnation: string, record: ReplicaRecord | Tombstone, expected: number): Promise<Put> {
    const put = (): Put => this.#tables.put(this.#tables.records, incarnation, record, expected);
    return this.#ask(put, UNKNOWN);
  }

  readRecord(incarnation: string): Promise<Read<ReplicaRecord | Tombstone>> {
    const read = (): Read<ReplicaRecord | Tombstone> => ({ t: 'read', stored: this.#tables.records.get(incarnation) });
    return this.#ask(read, UNKNOWN);
  }

  records(): Promise<ReadonlyMap<string, Stored<ReplicaRecord>> | undefined> {
    const living = (): ReadonlyMap<string, Stored<ReplicaRecord>> =>
      new Map(
        [...this.#tables.records].filter((one): one is [string, Stored<ReplicaRecord>] => !('dead' in one[1].value)),
      );
    return this.#ask(living, undefined);
  }

  answerFor(incarnation: string): () => void {
    this.#tables.answering.set(incarnation, this);
    return () => this.#tables.answering.delete(incarnation);
  }

  isAlive(incarnation: string): Promise<'alive' | 'nobody' | 'unknown'> {
    const look = (): 'alive' | 'nobody' | 'unknown' => {
      const store = this.#tables.answering.get(incarnation);
      if (store === undefined || !store.#stands) return 'nobody';
      return store.isDeaf || store.isStopped ? 'unknown' : 'alive';
    };
    return this.#ask(look, 'unknown');
  }

  #ask<T>(apply: () => T, unknown: T, own: Fate[] = []): Promise<T> {
    if (!this.#connected) return Promise.resolve(unknown);
    // What is sent on a broken line arrives nowhere.
    const fate = this.#stands && !this.isDeaf ? (own.shift() ?? this.fates.shift() ?? AT_ONCE) : NEVER;
    if (fate.applied === 0 && fate.answered === 0) return Promise.resolve(apply());
    const { clock } = this.#tables;
    return new Promise((resolve) => {
      const cancel = this.#clock.after(STORE_ANSWER, () => resolve(unknown));
      if (fate.applied === undefined) return;
      const { wipes } = this.#tables;
      clock.after(fate.applied, () => {
        if (wipes !== this.#tables.wipes) return;
        const answer = apply();
        if (fate.answered === undefined) return;
        clock.after(fate.answered, () => {
          if (!this.#stands) return;
          const arrive = (): void => {
            cancel();
            resolve(answer);
          };
          if (this.isStopped) this.#waiting.push(arrive);
          else arrive();
        });
      });
    });
  }
}

const UNKNOWN = { t: 'unknown', detail: 'no answer' } as const;
