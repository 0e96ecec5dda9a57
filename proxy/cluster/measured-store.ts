import type { Clock } from '../ports/clock.js';
import type { Claim, Put, Read, ReplicaRecord, Store, Stored, Tombstone } from './store.js';

/** The operations whose time is taken. */
export type StoreOperation = 'put_claim' | 'read_claim' | 'put_record' | 'read_record' | 'list_records' | 'ask_alive';
/** How one ended; `unknown`: without an answer. */
export type StoreResult = 'ok' | 'conflict' | 'unknown';

/** Hears how long an operation took, in seconds. */
export type StoreObserver = (operation: StoreOperation, result: StoreResult, seconds: number) => void;

/** A store whose operations are measured. */
export class MeasuredStore implements Store {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'steady'>;
  readonly #observe: StoreObserver;

  constructor(store: Store, clock: Pick<Clock, 'steady'>, observe: StoreObserver) {
    this.#store = store;
    this.#clock = clock;
    this.#observe = observe;
  }

  get connected(): boolean {
    return this.#store.connected;
  }

  onConnection(changed: (connected: boolean) => void): () => void {
    return this.#store.onConnection(changed);
  }

  putClaim(meetupId: string, claim: Claim, expected: number): Promise<Put> {
    return this.#measured('put_claim', this.#store.putClaim(meetupId, claim, expected), resultOfPut);
  }

  readClaim(meetupId: string): Promise<Read<Claim>> {
    return this.#measured('read_claim', this.#store.readClaim(meetupId), resultOfRead);
  }

  releaseClaim(sequence: number): void {
    this.#store.releaseClaim(sequence);
  }

  putRecord(incarnation: string, record: ReplicaRecord | Tombstone, expected: number): Promise<Put> {
    return this.#measured('put_record', this.#store.putRecord(incarnation, record, expected), resultOfPut);
  }

  readRecord(incarnation: string): Promise<Read<ReplicaRecord | Tombstone>> {
    return this.#measured('read_record', this.#store.readRecord(incarnation), resultOfRead);
  }

  records(): Promise<ReadonlyMap<string, Stored<ReplicaRecord>> | undefined> {
    return this.#measured('list_records', this.#store.records(), (found) => (found === undefined ? 'unknown' : 'ok'));
  }

  answerFor(incarnation: string): () => void {
    return this.#store.answerFor(incarnation);
  }

  isAlive(incarnation: string): Promise<'alive' | 'nobody' | 'unknown'> {
    return this.#measured('ask_alive', this.#store.isAlive(incarnation), (life) =>
      life === 'unknown' ? 'unknown' : 'ok',
    );
  }

  async #measured<T>(operation: StoreOperation, asked: Promise<T>, resultOf: (answer: T) => StoreResult): Promise<T> {
    const begun = this.#clock.steady();
    const answer = await asked;
    this.#observe(operation, resultOf(answer), (this.#clock.steady() - begun) / 1000);
    return answer;
  }
}

function resultOfPut({ t }: Put): StoreResult {
  return t === 'written' ? 'ok' : t;
}

function resultOfRead({ t }: Read<unknown>): StoreResult {
  return t === 'read' ? 'ok' : t;
}
