import type { TraceContext } from '../../wire/trace-context.js';
import type { SpanAttributes, SpanKind } from './span-attributes.js';
import type { SpanBase } from './span-base.js';

/** The receiver of finished spans. Each span is made once, when its invocation has ended, and handed over whole. */
export interface SpanSink {
  /** Decides at the head of a new trace; returns its id when it is sampled. */
  root(): string | undefined;
  /** Decides at the head for a child of that span. */
  samples(parent: TraceContext): boolean;
  /** Takes a sampled span; never blocks, never throws; may drop it and then counts it. */
  end(span: FinishedSpan): void;
}

/** A span that has come to its end. */
export interface FinishedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly own: TraceContext;
  readonly parent: TraceContext | undefined;
  /** The parent is of this process. */
  readonly local: boolean;
  /** The links of the session, or these and more. */
  readonly links: readonly TraceContext[];
  /** Milliseconds since the epoch, with a fraction, for start and end. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whether the span's status is an error. */
  readonly error: boolean;
  /** The span's own attributes; the session's follow them, and no name is in both. */
  readonly attributes: SpanAttributes;
  readonly session: SpanBase;
}

/** All attributes of a span, in their order. */
export function attributesOf({ attributes, session }: FinishedSpan): Record<string, string | number | boolean> {
  const all: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries({ ...attributes, ...session.attributes }))
    if (value !== undefined) all[name] = value;
  return all;
}
