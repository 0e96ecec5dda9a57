import type { TokenBucket } from '../policy/limits/token-bucket.js';
import { CallTotals } from '../telemetry/calls/call-totals.js';
import type { EndingLabel } from '../wire/close.js';
import type { Identity } from '../x509/identity.js';
import { Backlog } from './backlog.js';
import {
  bytesOfCall,
  bytesOfIdentity,
  bytesOfRefusal,
  bytesOfTexts,
  bytesOfVisit,
  type KeptCall,
  type Refusal,
  type Visit,
} from './records.js';

/** Bytes of a record without anything in it, on the safe side. */
const EMPTY_BYTES = 1_536;
/** Bytes of who is here now: the texts and the certificate are those that the connection has anyway. */
const PRESENT_BYTES = 384;

/** The sums over a meetup's calls, by which they find its record. */
export class MeetupTotals extends CallTotals {
  readonly record: MeetupRecord;

  constructor(record: MeetupRecord) {
    super();
    this.record = record;
  }
}

/** What is remembered of one meetup. `bytes` is what all of it takes. */
export class MeetupRecord {
  readonly meetupId: string;
  /** When the first of it happened, milliseconds since the epoch. */
  readonly since: number;
  /** The connections that are here now, by the peer's uid. */
  readonly present = new Map<string, Visit>();
  readonly past = new Backlog<Visit>(bytesOfVisit);
  readonly refusals = new Backlog<Refusal>(bytesOfRefusal);
  /** Calls that did not fail, as far as they are kept, and those that failed. */
  readonly calls = new Backlog<KeptCall>(bytesOfCall);
  readonly failures = new Backlog<KeptCall>(bytesOfCall);
  readonly totals = new MeetupTotals(this);
  /** What may be kept of its calls now; see call-keeper.ts. */
  ordinary: TokenBucket | undefined;
  notable: TokenBucket | undefined;
  /** Pairs that were made. */
  met = 0;
  /** Connections that ended, by the label of why. */
  readonly endings: Partial<Record<EndingLabel, number>> = {};
  /** False once the record is forgotten: who still holds it looks for another. */
  isKept = true;
  readonly #people = new Map<string, { readonly identity: Identity; records: number }>();
  #peopleBytes = 0;
  readonly #ownBytes: number;

  constructor(meetupId: string, since: number) {
    this.meetupId = meetupId;
    this.since = since;
    this.#ownBytes = EMPTY_BYTES + bytesOfTexts(meetupId);
  }

  get bytes(): number {
    const { past, refusals, calls, failures } = this;
    const lists = past.bytes + refusals.bytes + calls.bytes + failures.bytes;
    return this.#ownBytes + this.#peopleBytes + this.present.size * PRESENT_BYTES + lists;
  }

  /** The certificates of all that is kept, and of who is here; one may be there twice. */
  get identities(): readonly Identity[] {
    const kept = [...this.#people.values()].map(({ identity }) => identity);
    return [...kept, ...[...this.present.values()].map(({ identity }) => identity)];
  }

  /** The certificate of a record: one object for all that have it. Each call is undone by `drop`. */
  hold(identity: Identity): Identity {
    const known = this.#people.get(identity.fingerprint);
    if (known !== undefined) {
      known.records += 1;
      return known.identity;
    }
    this.#people.set(identity.fingerprint, { identity, records: 1 });
    this.#peopleBytes += bytesOfIdentity(identity);
    return identity;
  }

  enter(visit: Visit): void {
    this.present.set(visit.peer, visit);
    this.past.seen += 1;
  }

  leave(peer: string, change: (visit: Visit) => void): void {
    const visit = this.present.get(peer);
    if (visit === undefined) return;
    this.present.delete(peer);
    visit.identity = this.hold(visit.identity);
    change(visit);
    this.past.add(visit);
  }

  /** Changes a refusal that is kept: the same happened again. */
  repeat(refusal: Refusal, change: (refusal: Refusal) => void): void {
    const before = bytesOfRefusal(refusal);
    change(refusal);
    this.refusals.bytes += bytesOfRefusal(refusal) - before;
  }

  /** Forgets the oldest of what takes most. False when there is nothing left but who is here. */
  forgetOldest(): boolean {
    const { past, refusals, calls, failures } = this;
    const [most] = [calls, failures, refusals, past].toSorted((a, b) => b.bytes - a.bytes);
    const forgotten = most?.forget();
    if (forgotten === undefined) return false;
    if ('identity' in forgotten && forgotten.identity !== undefined) this.#drop(forgotten.identity);
    return true;
  }

  #drop({ fingerprint }: Identity): void {
    const known = this.#people.get(fingerprint);
    if (known === undefined) return;
    known.records -= 1;
    if (known.records > 0) return;
    this.#people.delete(fingerprint);
    this.#peopleBytes -= bytesOfIdentity(known.identity);
  }
}
