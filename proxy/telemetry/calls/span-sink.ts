import type { TraceContext } from '../../wire/trace-context.js';
import type { SessionPart } from './session-part.js';
import type { SpanAttributes, SpanKind } from './span-attributes.js';

/** Where a finished span goes. The spans of this service are made once, when all of them is known, and handed over whole. */
export interface SpanSink {
  /** The head decision for a new trace: its id when it is sampled. */
  root(): string | undefined;
  /** The head decision for a child of that span. */
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
  /** The session’s, as they are or with more. */
  readonly links: readonly TraceContext[];
  /** Milliseconds since the epoch, with a fraction. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whether the span’s status is an error. */
  readonly error: boolean;
  /** Its own; the session’s, which have other names, come after them. */
  readonly attributes: SpanAttributes;
  readonly session: SessionPart;
}

/** All attributes that a span has, in their order. */
export function attributesOf({ attributes, session }: FinishedSpan): Record<string, string | number | boolean> {
  const all: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries({ ...attributes, ...session.attributes }))
    if (value !== undefined) all[name] = value;
  return all;
}
