import type { TraceContext } from '../wire/trace-context.js';

/** Where a finished span goes. The spans of this service are made once, when all of them is known, and handed over whole. */
export interface SpanSink {
  /** The head decision for a new trace: its id when it is sampled. */
  root(): string | undefined;
  /** The head decision for a child of that span. */
  samples(parent: TraceContext): boolean;
  /** Takes a sampled span; never blocks, never throws; may drop it and then counts it. */
  end(span: FinishedSpan): void;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface FinishedSpan {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly own: TraceContext;
  readonly parent: TraceContext | undefined;
  /** The parent is of this process. */
  readonly local: boolean;
  readonly links: readonly TraceContext[];
  /** Milliseconds since the epoch, with a fraction. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whether the span’s status is an error. */
  readonly error: boolean;
  readonly attributes: SpanAttributes;
}
