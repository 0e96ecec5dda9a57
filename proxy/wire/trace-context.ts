import type { Envelope } from './envelope.js';
import { MAX_LIST_BYTES } from './envelope.js';
import { FIELD } from './envelope-field.js';
import { findHeaders, type HeaderRange, MAX_HEADERS } from './header-list.js';
import { valueAt } from './json-bytes.js';

/** The ids of a span, as W3C Trace Context writes them. */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
  /** The vendors' list that came with the traceparent; absent when there was none or it was too long. */
  readonly tracestate?: string;
}

/** Longest tracestate that is passed on, in characters (W3C Trace Context §3.3.1.5). */
export const MAX_TRACESTATE_CHARS = 512;

/** Version 00 only: the meaning of a later version is not known here (W3C Trace Context §3.2.2). */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);
const WANTED = ['traceparent', 'tracestate'];

/** Reads a traceparent of exactly 55 characters; undefined when it is not valid. */
export function parseTraceparent(text: string): TraceContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (traceId === ZERO_TRACE || spanId === ZERO_SPAN) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/**
 * Reads the trace context in a request's headers list: exactly one valid traceparent, with names compared without case. A second or
 * malformed traceparent, or a list that cannot be read for certain, counts as none.
 */
export function traceContextOf(envelope: Envelope, data: Buffer): TraceContext | undefined {
  envelope.reach(FIELD.headers);
  const found = textsOf(envelope, data);
  if (found.length === 0) return undefined;
  const parent = only(found, 'traceparent');
  const context = parent === undefined ? undefined : parseTraceparent(parent);
  const tracestate = only(found, 'tracestate');
  if (context === undefined || tracestate === undefined || tracestate === '') return context;
  return tracestate.length > MAX_TRACESTATE_CHARS ? context : { ...context, tracestate };
}

/**
 * Puts a traceparent into the headers list of a message: in place of each traceparent that it has, else as a new first element, else as
 * a new list. Every other byte stays. Returns the message unchanged when this cannot be done for certain.
 */
export function withTraceparent(envelope: Envelope, data: Buffer, context: TraceContext): Buffer {
  envelope.reach(FIELD.end);
  if (envelope.kind !== 'request' || envelope.inside === 0) return data;
  const text = formatTraceparent(context);
  const element = `{"name":"traceparent","value":"${text}"}`;
  if (envelope.headers.end === 0)
    return splice(data, [{ start: envelope.inside, end: envelope.inside }], `"headers":[${element}],`);
  const found = headersOf(envelope, data);
  if (found === undefined) return data;
  const present = found.filter(({ name }) => name === 'traceparent');
  if (present.length > 0) return splice(data, present, `"${text}"`);
  const first = envelope.headers.start + 1;
  const isEmpty = /^\[[ \t\r\n]*\]$/.test(data.toString('latin1', first - 1, envelope.headers.end));
  return splice(data, [{ start: first, end: first }], isEmpty ? element : `${element},`);
}

const NO_RANGES: readonly HeaderRange[] = [];
const NO_HEADERS: readonly Header[] = [];

function headersOf({ headers }: Envelope, data: Buffer): HeaderRange[] | undefined {
  if (headers.end === 0 || headers.end - headers.start > MAX_LIST_BYTES) return undefined;
  return findHeaders(data, headers.start, WANTED);
}

interface Header {
  /** The name in lower case. */
  readonly name: string;
  readonly value: unknown;
}

/** Reads the wanted headers from the bytes of the message, or from its values if it was parsed whole. */
function textsOf(envelope: Envelope, data: Buffer): readonly Header[] {
  if (envelope.inside === 0) return listed(envelope.headersValue);
  const found = headersOf(envelope, data) ?? NO_RANGES;
  return found.length === 0
    ? NO_HEADERS
    : found.map(({ name, start, end }) => ({ name, value: valueAt(data, start, end) }));
}

function listed(list: unknown): readonly Header[] {
  if (!Array.isArray(list) || list.length > MAX_HEADERS) return [];
  return (list as unknown[]).flatMap((one) => {
    if (typeof one !== 'object' || one === null) return [];
    const { name, value } = one as { name?: unknown; value?: unknown };
    return typeof name === 'string' ? [{ name: name.toLowerCase(), value }] : [];
  });
}

/** The text of the header with this name, if there is exactly one. */
function only(found: readonly Header[], wanted: string): string | undefined {
  const [one, another] = found.filter(({ name }) => name === wanted);
  return another === undefined && typeof one?.value === 'string' ? one.value : undefined;
}

/** Puts `text` in place of each stretch; the stretches are in order. */
function splice(data: Buffer, stretches: readonly { start: number; end: number }[], text: string): Buffer {
  const insert = Buffer.from(text);
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end } of stretches) {
    parts.push(data.subarray(from, start), insert);
    from = end;
  }
  return Buffer.concat([...parts, data.subarray(from)]);
}
