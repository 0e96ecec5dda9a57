import type { Clock } from '../../ports/clock.js';
import type { RelayedPeer } from '../../session/life/message-observer.js';
import type { Envelope } from '../../wire/envelope.js';
import type { Outcome } from '../../wire/invocation.js';
import { type TraceContext, traceContextOf } from '../../wire/trace-context.js';
import { newSpanId, newTraceId } from '../../wire/trace-id.js';
import { clientSpan, eventSpan, type FinishedInvocation, invocationSpan } from './invocation-spans.js';
import type { Invocation, InvocationDetail, SessionCalls } from './invocation-table.js';
import { targetOf } from './query.js';
import type { SpanSink } from './span-sink.js';

/** A reader of finished invocations beside the spans: the page's ring, the debug log. */
export interface InvocationReader {
  /** Tells whether the reader wants the next invocation; details that no reader wants are not collected. */
  readonly wanted: boolean;
  finished(call: FinishedInvocation): void;
}

/** A counter of every finished invocation, which needs no details of it. */
export interface InvocationTally {
  /** The invocation ended at `now`, steady-clock milliseconds. */
  tally(invocation: Invocation, outcome: Outcome, now: number): void;
}

/** The readers and tallies that are told of finished invocations. */
export interface Audience {
  readonly readers: readonly InvocationReader[];
  readonly tallies: readonly InvocationTally[];
}

export interface JournalOptions extends Audience {
  /** Takes the spans; no span is made where it is absent. */
  readonly spans: SpanSink | undefined;
  /** Whether a CLIENT child is made within each span. */
  readonly clientSpans: boolean;
  /** Whether a request's own traceparent is its span's parent; otherwise it is only linked. */
  readonly trustParent: boolean;
  /** Whether events become spans. */
  readonly events: boolean;
  /** Told of a reader's fault; it costs that line and nothing else. */
  readonly fault: (error: unknown) => void;
}

/** Longest method that is shown, in characters. */
const MAX_METHOD_CHARS = 32;

/** Decides at the request of an invocation whether it has any reader, and tells the readers when it has finished. */
export class Journal {
  readonly #clock: Clock;
  readonly #options: JournalOptions;
  #audience: Audience;

  constructor(clock: Clock, options: JournalOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#audience = { readers: options.readers, tallies: options.tallies };
  }

  /** Adds readers and tallies for invocations that finish from now on; the function returned takes them away. */
  subscribe({ readers, tallies }: Audience): () => void {
    const before = this.#audience;
    this.#audience = { readers: [...before.readers, ...readers], tallies: [...before.tallies, ...tallies] };
    return () => {
      const now = this.#audience;
      this.#audience = {
        readers: now.readers.filter((one) => !readers.includes(one)),
        tallies: now.tallies.filter((one) => !tallies.includes(one)),
      };
    };
  }

  /** The details to keep of this request or orphan; undefined when no reader wants them, as for most calls. */
  detailOf(envelope: Envelope, data: Buffer): InvocationDetail | undefined {
    const { spans } = this.#options;
    const isRead = this.#isRead();
    if (spans === undefined && !isRead) return undefined;
    const given = traceContextOf(envelope, data);
    const parent = this.#options.trustParent ? given : undefined;
    const root = parent === undefined ? spans?.root() : undefined;
    const sampled = root !== undefined || (parent !== undefined && spans?.samples(parent) === true);
    if (!sampled && !isRead) return undefined;
    const traceId = parent?.traceId ?? root ?? newTraceId();
    const own = withState({ traceId, spanId: newSpanId(), sampled }, parent?.tracestate);
    return this.#detail(envelope, own, parent, parent === undefined ? given : undefined);
  }

  /** An invocation ended at `now`, steady-clock milliseconds. */
  finished(invocation: Invocation, outcome: Outcome, now: number, ending?: string): void {
    this.#count(invocation, outcome, now);
    const { detail } = invocation;
    if (detail === undefined) return;
    const startedAt = this.#clock.now() - (now - invocation.started);
    const call: FinishedInvocation = { invocation, detail, outcome, ending, startedAt, endedAt: now };
    try {
      if (detail.own.sampled) this.#span(call);
      for (const reader of this.#audience.readers) if (reader.wanted) reader.finished(call);
    } catch (error) {
      this.#options.fault(error);
    }
  }

  event(calls: SessionCalls, sender: RelayedPeer, envelope: Envelope, bytes: number): void {
    const { spans, events } = this.#options;
    if (spans === undefined || !events) return;
    const traceId = spans.root();
    if (traceId === undefined) return;
    const own = { traceId, spanId: newSpanId(), sampled: true };
    spans.end(eventSpan(calls, sender, own, this.#clock.now(), envelope.typeText ?? '', bytes));
  }

  #detail(envelope: Envelope, own: TraceContext, parent?: TraceContext, claimed?: TraceContext): InvocationDetail {
    const { path, query } = targetOf(envelope.pathText ?? '', envelope.queryStringsValue);
    const client = own.sampled && this.#options.clientSpans ? newSpanId() : undefined;
    const methodText = envelope.knownMethod === '_OTHER' ? envelope.methodText?.slice(0, MAX_METHOD_CHARS) : undefined;
    return { own, parent, claimed, client, methodText, path, query };
  }

  #span(call: FinishedInvocation): void {
    const { spans } = this.#options;
    const child = clientSpan(call);
    if (child !== undefined) spans?.end(child);
    spans?.end(invocationSpan(call));
  }

  #count(invocation: Invocation, outcome: Outcome, now: number): void {
    try {
      for (const one of this.#audience.tallies) one.tally(invocation, outcome, now);
    } catch (error) {
      this.#options.fault(error);
    }
  }

  #isRead(): boolean {
    for (const reader of this.#audience.readers) if (reader.wanted) return true;
    return false;
  }
}

function withState(own: TraceContext, tracestate: string | undefined): TraceContext {
  return tracestate === undefined ? own : { ...own, tracestate };
}
