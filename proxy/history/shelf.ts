import { MeetupRecord } from './meetup-record.js';

/** Records that are looked at for one that nobody needs now, before the least recent is forgotten as it is. */
const MAX_LOOKED_AT = 64;

/**
 * Records of meetups within a bound in bytes, fairly shared: where there is no room, a record gives that takes most, to within a factor of two. So
 * a busy meetup forgets its own past, and one that has less than half of an equal share forgets nothing. Records stand in classes
 * by the power of two of their bytes; to find the greatest takes no search.
 */
export class Shelf {
  readonly #bound: number;
  /** By meetup id; the least recently used first. */
  readonly #records = new Map<string, MeetupRecord>();
  /** Bytes that each record counts for: they tell its class. */
  readonly #weights = new Map<MeetupRecord, number>();
  readonly #classes: Set<MeetupRecord>[] = Array.from({ length: CLASSES }, () => new Set());
  #bytes = 0;
  /** Records that were forgotten whole. */
  forgotten = 0;

  /** @param bound most bytes */
  constructor(bound: number) {
    this.#bound = bound;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#records.size;
  }

  get records(): Iterable<MeetupRecord> {
    return this.#records.values();
  }

  of(meetupId: string): MeetupRecord | undefined {
    return this.#records.get(meetupId);
  }

  /** The record of a meetup, which is made where there is none, and is the most recently used now. */
  open(meetupId: string, now: number): MeetupRecord {
    const record = this.#records.get(meetupId) ?? new MeetupRecord(meetupId, now);
    this.put(record);
    return record;
  }

  put(record: MeetupRecord): void {
    this.#records.delete(record.meetupId);
    this.#records.set(record.meetupId, record);
    this.#weigh(record);
  }

  take(meetupId: string): MeetupRecord | undefined {
    const record = this.#records.get(meetupId);
    if (record !== undefined) this.#remove(record);
    return record;
  }

  /** Counts what a record takes now, and makes room. Called after each change of one. */
  settle(record: MeetupRecord): void {
    if (this.#records.get(record.meetupId) === record) this.#weigh(record);
    while (this.#bytes > this.#bound && this.#giveWay());
  }

  /** Takes something from the record that has most. False when there is no record. */
  #giveWay(): boolean {
    const greatest = this.#classes.findLast((one) => one.size > 0);
    if (greatest === undefined) return false;
    let looked = 0;
    for (const record of greatest) {
      const gave = record.forgetOldest();
      // The next time another of the class gives.
      greatest.delete(record);
      greatest.add(record);
      this.#weigh(record);
      if (gave) return true;
      looked += 1;
      if (looked === MAX_LOOKED_AT) break;
    }
    this.#forget();
    return true;
  }

  /** Forgets a whole record: the least recently used where nobody is now. */
  #forget(): void {
    let first: MeetupRecord | undefined;
    let looked = 0;
    for (const record of this.#records.values()) {
      first ??= record;
      looked += 1;
      if (record.present.size === 0) {
        first = record;
        break;
      }
      if (looked === MAX_LOOKED_AT) break;
    }
    if (first === undefined) return;
    this.#remove(first);
    first.isKept = false;
    this.forgotten += 1;
  }

  #weigh(record: MeetupRecord): void {
    const { bytes } = record;
    const before = this.#weights.get(record);
    this.#weights.set(record, bytes);
    this.#bytes += bytes - (before ?? 0);
    if (before !== undefined) {
      if (classOf(before) === classOf(bytes)) return;
      this.#classes[classOf(before)]?.delete(record);
    }
    this.#classes[classOf(bytes)]?.add(record);
  }

  #remove(record: MeetupRecord): void {
    const weight = this.#weights.get(record);
    if (weight === undefined) return;
    this.#records.delete(record.meetupId);
    this.#weights.delete(record);
    this.#classes[classOf(weight)]?.delete(record);
    this.#bytes -= weight;
  }
}

/** Powers of two of bytes: more than any record can take. */
const CLASSES = 40;

function classOf(bytes: number): number {
  return Math.min(CLASSES - 1, Math.floor(Math.log2(Math.max(bytes, 1))));
}
