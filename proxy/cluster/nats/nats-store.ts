import {
  CLAIM_LIFE,
  type Claim,
  type Put,
  RECORD_LIFE,
  type Read,
  type ReplicaRecord,
  type Store,
  type Stored,
  TOMBSTONE_LIFE,
  type Tombstone,
} from '../store.js';
import type { NatsLink } from './line/link.js';
import { Releases } from './releases.js';
import type { Requests, StoredBytes } from './requests.js';
import { readClaim, readRecord, writeClaim, writeRecord } from './stored-values.js';
import type { Streams } from './streams.js';
import { type Names, namesOf } from './subjects.js';

/** Most records that are read, dead ones included. */
const MAX_RECORDS = 16_384;

/** Claims and records in JetStream. */
export class NatsStore implements Store {
  readonly #link: NatsLink;
  readonly #requests: Requests;
  readonly #streams: Streams;
  readonly #names: Names;
  readonly #releases: Releases;

  constructor(link: NatsLink, requests: Requests, streams: Streams) {
    this.#link = link;
    this.#requests = requests;
    this.#streams = streams;
    this.#names = namesOf(link.settings.cluster);
    this.#releases = new Releases((sequence) => requests.remove(this.#names.claims, sequence));
  }

  /** Resolves when every release so far has been answered, or given up. */
  settled(): Promise<void> {
    return this.#releases.settled();
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  onConnection(changed: (connected: boolean) => void): () => void {
    return this.#link.onConnection(changed);
  }

  putClaim(meetupId: string, claim: Claim, expected: number): Promise<Put> {
    const [subject, value] = [this.#names.claim(meetupId), writeClaim(claim)];
    return this.#streams.write({ subject, value, life: CLAIM_LIFE, expected });
  }

  readClaim(meetupId: string): Promise<Read<Claim>> {
    return this.#read(this.#names.claim(meetupId), readClaim);
  }

  releaseClaim(sequence: number): void {
    this.#releases.add(sequence);
  }

  putRecord(incarnation: string, record: ReplicaRecord | Tombstone, expected: number): Promise<Put> {
    const life = 'dead' in record ? TOMBSTONE_LIFE : RECORD_LIFE;
    return this.#streams.write({
      subject: this.#names.replica(incarnation),
      value: writeRecord(record),
      life,
      expected,
    });
  }

  readRecord(incarnation: string): Promise<Read<ReplicaRecord | Tombstone>> {
    return this.#read(this.#names.replica(incarnation), (data) => readRecord(data, incarnation));
  }

  async records(): Promise<ReadonlyMap<string, Stored<ReplicaRecord>> | undefined> {
    const found = await this.#allRecords();
    if (found === undefined) return undefined;
    const records = new Map<string, Stored<ReplicaRecord>>();
    for (const { subject, sequence, data } of found) {
      const incarnation = this.#names.rest('replica', subject) ?? '';
      const value = readRecord(data, incarnation);
      if (!('dead' in value)) records.set(incarnation, { value, sequence });
    }
    return records;
  }

  async #allRecords(): Promise<readonly StoredBytes[] | undefined> {
    const { claims, all } = this.#names;
    const until = performance.now() + this.#link.settings.requestTime;
    const lasts = await this.#requests.lasts(claims, all('replica'));
    if (lasts.t === 'answered') return lasts.value;
    if (lasts.kind !== 'many') return undefined;
    const found: StoredBytes[] = [];
    for await (const page of this.#requests.pages(claims, all('replica'))) {
      if (page.t === 'failed' || performance.now() > until) return undefined;
      found.push(...page.value);
      if (found.length >= MAX_RECORDS) break;
    }
    return found;
  }

  answerFor(incarnation: string): () => void {
    return this.#link.listen(this.#names.alive(incarnation), (message) => void message.respond());
  }

  async isAlive(incarnation: string): Promise<'alive' | 'nobody' | 'unknown'> {
    const answer = await this.#requests.anybody(this.#names.alive(incarnation));
    if (answer.t === 'answered') return 'alive';
    return answer.kind === 'nobody' ? 'nobody' : 'unknown';
  }

  async #read<T>(subject: string, parse: (data: Uint8Array) => T): Promise<Read<T>> {
    const answer = await this.#requests.last(this.#names.claims, subject);
    if (answer.t === 'failed') {
      if (answer.kind === 'nobody') void this.#streams.mend();
      return { t: 'unknown', detail: answer.detail };
    }
    return { t: 'read', stored: answer.value && storedOf(answer.value, parse) };
  }
}

function storedOf<T>({ data, sequence }: StoredBytes, parse: (data: Uint8Array) => T): Stored<T> {
  return { value: parse(data), sequence };
}
