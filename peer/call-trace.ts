import { formatTraceparent, parseTraceparent } from '../proxy/wire/trace-context.js';
import { boundOf, isBelow, newSpanId, newTraceId } from '../proxy/wire/trace-id.js';
import type { NameValue } from './headers.js';

/** A request's trace: the id that a caller can hand over, and the headers with it. */
export interface CallTrace {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  readonly headers: readonly NameValue[];
}

/** Headers of W3C Trace Context. */
const OF_A_TRACE = ['traceparent', 'tracestate'];

/**
 * Gives a request a trace where it has none: a `traceparent` that is not valid, or comes twice, is none, and goes with its `tracestate`
 * (W3C Trace Context §4.3).
 *
 * @param ratio share of the traces made here that are marked as sampled, 0 to 1; chosen by the trace id, as the samplers of OpenTelemetry do
 */
export function traced(headers: readonly NameValue[], ratio: number): CallTrace {
  const [only, another] = headers.filter(({ name }) => name.toLowerCase() === 'traceparent');
  const given = only === undefined || another !== undefined ? undefined : parseTraceparent(only.value);
  if (given !== undefined) return { traceId: given.traceId, headers };
  const traceId = newTraceId();
  const value = formatTraceparent({ traceId, spanId: newSpanId(), sampled: isBelow(traceId, boundOf(ratio)) });
  const rest = headers.filter(({ name }) => !OF_A_TRACE.includes(name.toLowerCase()));
  return { traceId, headers: [...rest, { name: 'traceparent', value }] };
}
