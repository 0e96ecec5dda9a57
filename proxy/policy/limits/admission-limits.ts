import type { Limits } from '../rules/decision.js';
import { mayHaveOneMore, reserveOf } from './share.js';
import { fullBucket, isFull, type Rate, type TokenBucket, take } from './token-bucket.js';

/** Bounds for all connections together, and bounds for each identity (bearer of a certificate, by `bearerOf`) whose policy rule sets no other. */
export interface AdmissionBounds {
  /** Connections of all identities at one time; the last tenth is kept for identities that hold few. */
  readonly total: number;
  /** Connections of one identity at one time. */
  readonly connections: number;
  /** New connections of one identity a second. */
  readonly connectsPerSecond: number;
  /** New connections of one identity at once, before the rate counts. */
  readonly connectBurst: number;
  /** Connections of one identity that have not sent their HELLO, at one time. */
  readonly greetings: number;
}

/** Most identities without a connection that are remembered for their connect rate; the longest unseen are forgotten first. */
export const MAX_ABSENT_IDENTITIES = 10_000;
/** Absent identities that are looked at for each newcomer, so that forgetting keeps up with remembering. */
const FORGET_PER_ADMISSION = 2;

export interface AdmissionRefusal {
  readonly label: 'identity_full' | 'connect_rate' | 'greeting_full';
  readonly detail: string;
  /** Seconds until another try makes sense, where this is known. */
  readonly retryAfter?: number;
}

interface Account {
  connections: number;
  greetings: number;
  readonly bucket: TokenBucket;
}

/** Counts the connections of each identity. The caller must give back the room of each admitted connection once, by `left`. */
export class AdmissionLimits {
  readonly #bounds: AdmissionBounds;
  readonly #rate: Rate;
  readonly #present = new Map<string, Account>();
  readonly #absent = new Map<string, Account>();
  #total = 0;

  constructor(bounds: AdmissionBounds) {
    this.#bounds = bounds;
    this.#rate = { perSecond: this.#bounds.connectsPerSecond, burst: this.#bounds.connectBurst };
  }

  /** Identities in the table: those with a connection, and those that are remembered for a while after their last one. */
  get size(): number {
    return this.#present.size + this.#absent.size;
  }

  /** Connections that this identity holds. */
  connections(bearer: string): number {
    return this.#present.get(bearer)?.connections ?? 0;
  }

  /**
   * Takes room for one connection, which still owes its HELLO. If it returns a refusal, it took nothing. `now` is the time of a steady
   * clock, in milliseconds.
   */
  admit(bearer: string, limits: Limits, now: number): AdmissionRefusal | undefined {
    this.#forget(now);
    const account = this.#present.get(bearer) ?? this.#absent.get(bearer) ?? this.#open(now);
    const most = limits.connections ?? this.#bounds.connections;
    if (account.connections >= most) return { label: 'identity_full', detail: `the limit is ${most}` };
    const { total } = this.#bounds;
    if (!mayHaveOneMore(total, this.#total, account.connections)) {
      const { kept, fewerThan } = reserveOf(total);
      return {
        label: 'identity_full',
        detail: `the last ${kept} of ${total} are for identities with less than ${fewerThan}`,
      };
    }
    if (account.greetings >= this.#bounds.greetings) {
      return { label: 'greeting_full', detail: `the limit is ${this.#bounds.greetings}` };
    }
    const wait = take(account.bucket, this.#rate, 1, now);
    if (wait > 0) {
      const detail = `the limit is ${this.#bounds.connectsPerSecond} a second`;
      return { label: 'connect_rate', detail, retryAfter: Math.ceil(wait / 1000) };
    }
    this.#total += 1;
    account.connections += 1;
    account.greetings += 1;
    this.#absent.delete(bearer);
    this.#present.set(bearer, account);
    return undefined;
  }

  /** Notes that one admitted connection sent its HELLO. */
  greeted(bearer: string): void {
    const account = this.#present.get(bearer);
    if (account !== undefined && account.greetings > 0) account.greetings -= 1;
  }

  /**
   * Another replica serves an admitted connection from now on, and waits for its HELLO. It has a second descriptor here, so it counts twice
   * among all, though once for its identity.
   */
  handedOn(bearer: string): void {
    this.greeted(bearer);
    this.#total += 1;
  }

  /** Gives back the room of one connection that was handed on. */
  handedBack(bearer: string): void {
    this.#total -= 1;
    this.left(bearer, true);
  }

  /** Gives back the room of one admitted connection; `greeted` says whether its HELLO had come. */
  left(bearer: string, greeted: boolean): void {
    const account = this.#present.get(bearer);
    if (account === undefined) return;
    if (!greeted) account.greetings -= 1;
    this.#total -= 1;
    account.connections -= 1;
    if (account.connections > 0) return;
    this.#present.delete(bearer);
    this.#absent.set(bearer, account);
    const [longest] = this.#absent.keys();
    if (this.#absent.size > MAX_ABSENT_IDENTITIES && longest !== undefined) this.#absent.delete(longest);
  }

  #open(now: number): Account {
    return { connections: 0, greetings: 0, bucket: fullBucket(this.#rate, now) };
  }

  /** Forgets absent identities whose bucket is full again: a full bucket remembers nothing. */
  #forget(now: number): void {
    let looked = 0;
    for (const [bearer, account] of this.#absent) {
      if (looked === FORGET_PER_ADMISSION) return;
      looked += 1;
      if (isFull(account.bucket, this.#rate, now)) this.#absent.delete(bearer);
    }
  }
}
