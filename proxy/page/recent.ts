import { fullBucket, has, type Rate, type TokenBucket, take } from '../policy/limits/token-bucket.js';
import type { RefusedUpgrade } from '../session/life/refused-upgrade.js';
import type { EventReader } from '../session/views/events.js';
import { peerTime, proxyTime } from '../telemetry/calls/invocation-counts.js';
import { type FinishedInvocation, invocationSpan } from '../telemetry/calls/invocation-spans.js';
import { NOT_YET } from '../telemetry/calls/invocation-table.js';
import type { InvocationReader } from '../telemetry/calls/journal.js';
import type { FinishedSpan } from '../telemetry/calls/span-sink.js';
import type { RefusalLabel } from '../wire/close.js';
import type { Outcome } from '../wire/invocation.js';

/** Most invocations, and most refusals, that are remembered for the page. */
export const RECENT_INVOCATIONS = 300;
export const RECENT_REFUSALS = 100;

/** One finished invocation as the page shows it. Durations in milliseconds, sizes in bytes, of whole messages. */
export interface RecentInvocation {
  /** Number of the invocation, from 1; a reader asks for the invocations after the last that it has. */
  readonly sequence: number;
  readonly traceId: string;
  /** Whether the span was recorded and so can be found at a collector. */
  readonly sampled: boolean;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number | undefined;
  readonly outcome: Outcome;
  /** Wall clock, milliseconds since the epoch. */
  readonly start: number;
  /** Times in the proxy before the request left, at the peer, and in the proxy until the response left. */
  readonly requestProxyMs: number;
  readonly peerMs: number;
  readonly responseProxyMs: number;
  readonly meetupId: string;
  readonly requesterRole: string;
  readonly responderRole: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** The span as a collector gets it, where spans are made. */
  readonly span: FinishedSpan;
}

/** One refused upgrade as the page shows it. */
export interface RecentRefusal {
  readonly sequence: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  readonly label: RefusalLabel;
  readonly status: number;
  readonly detail: string;
  readonly target: string;
  readonly subject: string;
  readonly remote: string;
}

/** Time after a question for which every invocation is remembered, milliseconds. */
export const LOOKED_AT = 10_000;
/** Invocations that are remembered while nobody looks: enough for a viewer who comes after a few calls, and cheap under load. */
export const UNSEEN: Rate = { perSecond: 1, burst: 30 };

/** The last finished invocations, oldest first; needs no collector. While nobody looks it takes a few at once, then one each second. */
export class RecentInvocations implements InvocationReader {
  readonly #ring: Ring<RecentInvocation>;
  readonly #steady: () => number;
  readonly #unseen: TokenBucket;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** @param steady a steady clock, milliseconds */
  constructor(steady: () => number, size = RECENT_INVOCATIONS) {
    this.#steady = steady;
    this.#unseen = fullBucket(UNSEEN, steady());
    this.#ring = new Ring(size);
  }

  get wanted(): boolean {
    const now = this.#steady();
    return now - this.#askedAt < LOOKED_AT || has(this.#unseen, UNSEEN, 1, now);
  }

  /** Somebody looks, so every invocation is remembered for a while. */
  asked(): void {
    this.#askedAt = this.#steady();
  }

  /** Sequence number of the newest; 0 when there was none. */
  get last(): number {
    return this.#ring.added;
  }

  /** Returns the invocations after that sequence number; 0 for all. */
  after(sequence: number): readonly RecentInvocation[] {
    return this.#ring.items.filter((one) => one.sequence > sequence);
  }

  finished(call: FinishedInvocation): void {
    take(this.#unseen, UNSEEN, 1, this.#steady());
    const { invocation: one, detail, outcome, startedAt, endedAt } = call;
    const span = invocationSpan(call);
    const proxy = proxyTime(one, endedAt);
    const responseProxyMs = one.responded === NOT_YET ? 0 : endedAt - one.responded;
    this.#ring.add((sequence) => ({
      sequence,
      traceId: detail.own.traceId,
      sampled: detail.own.sampled,
      method: detail.methodText ?? one.method,
      path: detail.path,
      query: detail.query,
      status: one.status,
      outcome,
      start: startedAt,
      requestProxyMs: proxy - responseProxyMs,
      peerMs: peerTime(one, endedAt),
      responseProxyMs,
      meetupId: one.calls.session.meetupId,
      requesterRole: one.requester.admission.role,
      responderRole: one.responder.admission.role,
      requestBytes: one.requestBytes,
      responseBytes: one.responseBytes,
      span,
    }));
  }
}

/** The last refused upgrades, oldest first. */
export class RecentRefusals implements EventReader {
  readonly #ring: Ring<RecentRefusal>;
  readonly #now: () => number;

  /** @param now the wall clock, milliseconds since the epoch */
  constructor(now: () => number, size = RECENT_REFUSALS) {
    this.#ring = new Ring(size);
    this.#now = now;
  }

  /** Sequence number of the newest; 0 when there was none. */
  get last(): number {
    return this.#ring.added;
  }

  after(sequence: number): readonly RecentRefusal[] {
    return this.#ring.items.filter((one) => one.sequence > sequence);
  }

  refused({ refusal, detail, target, identity, remote }: RefusedUpgrade): void {
    const { label, status } = refusal;
    const at = this.#now();
    this.#ring.add((sequence) => ({
      sequence,
      at,
      label,
      status,
      detail,
      target,
      subject: identity?.subject ?? '',
      remote,
    }));
  }
}

/** A bounded list that forgets its oldest. */
export class Ring<T> {
  readonly #size: number;
  readonly #slots: T[] = [];
  #added = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Number of items that were ever added. */
  get added(): number {
    return this.#added;
  }

  get items(): readonly T[] {
    const at = this.#added % this.#size;
    return this.#slots.length < this.#size ? this.#slots : [...this.#slots.slice(at), ...this.#slots.slice(0, at)];
  }

  add(make: (sequence: number) => T): void {
    this.#slots[this.#added % this.#size] = make(this.#added + 1);
    this.#added += 1;
  }
}
