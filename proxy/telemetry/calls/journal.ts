import type { Clock } from '../../ports/clock.js';
import type { RelayedPeer } from '../../session/life/message-observer.js';
import { Envelope } from '../../wire/envelope.js';
import type { Outcome } from '../../wire/invocation.js';
import { type TraceContext, traceContextOf } from '../../wire/trace-context.js';
import { newSpanId, newTraceId } from '../../wire/trace-id.js';
import { clientSpan, eventSpan, type FinishedInvocation, invocationSpan } from './invocation-spans.js';
import type { Invocation, InvocationDetail, SessionCalls } from './invocation-table.js';
import { type PathAndQuery, targetOf } from './query.js';
import { NO_HEAD, type RequestHeads } from './request-heads.js';
import type { SpanSink } from './span-sink.js';

/** A reader of finished invocations beside the spans: the debug log. */
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

/** A reader that can tell only at the end of an invocation whether it wants it. For the others nothing but the request's head is kept. */
export interface LateReader {
  /** Called for each invocation that ended at `now`, steady-clock milliseconds; true where `finished` shall be called for it. */
  wants(invocation: Invocation, outcome: Outcome, now: number): boolean;
  finished(call: FinishedInvocation): void;
}

/** The readers and tallies that are told of finished invocations. */
export interface Audience {
  readonly readers: readonly InvocationReader[];
  readonly tallies: readonly InvocationTally[];
  readonly late?: readonly LateReader[];
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
  /** Keeps the heads of requests for late readers; absent: a late reader is told without path and headers. */
  readonly heads?: RequestHeads | undefined;
  /** Told of a reader's fault; it costs that line and nothing else. */
  readonly fault: (error: unknown) => void;
}

/** Longest method that is shown, in characters. */
const MAX_METHOD_CHARS = 32;

/** Decides at the request of an invocation whether it has any reader, and tells the readers when it has finished. */
export class Journal {
  readonly #clock: Clock;
  readonly #options: JournalOptions;
  #audience: Required<Audience>;
  /** Reads the heads of requests. */
  readonly #head = new Envelope();

  constructor(clock: Clock, options: JournalOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#audience = { readers: options.readers, tallies: options.tallies, late: options.late ?? [] };
  }

  /** Adds readers and tallies for invocations that finish from now on; the function returned takes them away. */
  subscribe({ readers, tallies, late = [] }: Audience): () => void {
    const before = this.#audience;
    this.#audience = {
      readers: [...before.readers, ...readers],
      tallies: [...before.tallies, ...tallies],
      late: [...before.late, ...late],
    };
    return () => {
      const now = this.#audience;
      this.#audience = {
        readers: now.readers.filter((one) => !readers.includes(one)),
        tallies: now.tallies.filter((one) => !tallies.includes(one)),
        late: now.late.filter((one) => !late.includes(one)),
      };
    };
  }

  /** The details to keep of this request or orphan; undefined when no reader wants them, as for most calls. */
  detailOf(envelope: Envelope, data: Buffer): InvocationDetail | undefined {
    const { spans } = this.#options;
    const isRead = this.#isRead();
    if (spans === undefined && !isRead) return undefined;
    return this.#detailIn(envelope, data, isRead);
  }

  /** Keeps the head of a request whose details are not kept, so that a late reader can have them; returns its place. */
  headOf(data: Buffer): number {
    const { heads } = this.#options;
    return heads === undefined || this.#audience.late.length === 0 ? NO_HEAD : heads.keep(data);
  }

  #detailIn(envelope: Envelope, data: Buffer, isRead: boolean): InvocationDetail | undefined {
    const { spans } = this.#options;
    const given = traceContextOf(envelope, data);
    const parent = this.#options.trustParent ? given : undefined;
    const root = parent === undefined ? spans?.root() : undefined;
    const sampled = root !== undefined || (parent !== undefined && spans?.samples(parent) === true);
    if (!sampled && !isRead) return undefined;
    const traceId = parent?.traceId ?? root ?? newTraceId();
    const own = withState({ traceId, spanId: newSpanId(), sampled }, parent?.tracestate);
    const target = targetOf(envelope.pathText ?? '', envelope.queryStringsValue);
    return this.#detail(envelope, target, own, given);
  }

  /** An invocation ended at `now`, steady-clock milliseconds. */
  finished(invocation: Invocation, outcome: Outcome, now: number, ending?: string): void {
    this.#count(invocation, outcome, now);
    const early = invocation.detail;
    try {
      const late = this.#lateFor(invocation, outcome, now);
      if (late.length > 0) invocation.detail ??= this.#detailInHead(invocation);
      const { detail } = invocation;
      if (detail === undefined) return;
      const startedAt = this.#clock.now() - (now - invocation.started);
      const call: FinishedInvocation = { invocation, detail, outcome, ending, startedAt, endedAt: now };
      for (const reader of late) reader.finished(call);
      if (early === undefined) return;
      if (detail.own.sampled) this.#span(call);
      for (const reader of this.#audience.readers) if (reader.wanted) reader.finished(call);
    } catch (error) {
      this.#options.fault(error);
    }
  }

  /** The late readers that want this invocation. */
  #lateFor(invocation: Invocation, outcome: Outcome, now: number): readonly LateReader[] {
    let wanting = NOBODY;
    for (const one of this.#audience.late) if (one.wants(invocation, outcome, now)) wanting = [...wanting, one];
    return wanting;
  }

  /** The details of a request as far as its head has them; it gets a trace id where it has none, by which log and memory name it. */
  #detailInHead({ head }: Invocation): InvocationDetail {
    const { heads, trustParent } = this.#options;
    const data = heads?.of(head);
    const envelope = this.#head;
    envelope.read(data ?? NOTHING);
    // The path first: a head may break off within the headers, and then nothing is read any more.
    const target = targetOf(envelope.pathText ?? '', envelope.queryStringsValue);
    const given = data === undefined ? undefined : traceContextOf(envelope, data);
    const parent = trustParent ? given : undefined;
    const own = { traceId: parent?.traceId ?? newTraceId(), spanId: newSpanId(), sampled: false };
    return this.#detail(envelope, target, own, given);
  }

  event(calls: SessionCalls, sender: RelayedPeer, envelope: Envelope, bytes: number): void {
    const { spans, events } = this.#options;
    if (spans === undefined || !events) return;
    const traceId = spans.root();
    if (traceId === undefined) return;
    const own = { traceId, spanId: newSpanId(), sampled: true };
    spans.end(eventSpan(calls, sender, own, this.#clock.now(), envelope.typeText ?? '', bytes));
  }

  /** `given`: the context in the request, which is the parent where that is trusted. */
  #detail(
    envelope: Envelope,
    { path, query }: PathAndQuery,
    own: TraceContext,
    given: TraceContext | undefined,
  ): InvocationDetail {
    const { trustParent } = this.#options;
    const parent = trustParent ? given : undefined;
    const claimed = trustParent ? undefined : given;
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

const NOBODY: readonly LateReader[] = [];
const NOTHING = Buffer.alloc(0);

function withState(own: TraceContext, tracestate: string | undefined): TraceContext {
  return tracestate === undefined ? own : { ...own, tracestate };
}
