import { randomFillSync } from 'node:crypto';

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
/** One more than the greatest weight. */
const WEIGHTS = 0x1_0000_0000;

/** Random bytes for ids, drawn many at a time. */
const pool = Buffer.alloc(4096);
let used = pool.length;

/**
 * Returns the position of the next `bytes` random bytes in the pool. They are never all zero, because no id may be (W3C Trace Context
 * §3.2.2).
 */
function draw(bytes: number): number {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const at = used;
  used += bytes;
  for (let one = at; one < used; one++) if (pool[one] !== 0) return at;
  return draw(bytes);
}

function randomHex(bytes: number): string {
  const at = draw(bytes);
  return pool.toString('hex', at, at + bytes);
}

export function newTraceId(): string {
  return randomHex(TRACE_BYTES);
}

export function newSpanId(): string {
  return randomHex(SPAN_BYTES);
}

/**
 * The weight below which a share `ratio`, 0 to 1, of all trace ids lies. The weight of an id is the exclusive or of its four words, as
 * in the TraceIdRatioBased sampler of OpenTelemetry JS, so services with the same ratio choose the same traces.
 */
export function boundOf(ratio: number): number {
  return ratio >= 1 ? WEIGHTS : Math.floor(ratio * (WEIGHTS - 1));
}

/** Whether the weight of a trace id is below the bound. */
export function isBelow(traceId: string, bound: number): boolean {
  let weight = 0;
  for (let at = 0; at < 32; at += 8) weight ^= Number.parseInt(traceId.slice(at, at + 8), 16);
  return weight >>> 0 < bound;
}

/** Makes a trace id if its weight is below the bound. Most ids are not, and those cost no text. */
export function newTraceIdBelow(bound: number): string | undefined {
  const at = draw(TRACE_BYTES);
  let weight = 0;
  for (let word = at; word < at + TRACE_BYTES; word += 4) weight ^= wordAt(word);
  if (weight >>> 0 >= bound) return undefined;
  return pool.toString('hex', at, at + TRACE_BYTES);
}

/** Stands in a template for the trace id. */
const PLACE = '{trace_id}';

/** A template of links to traces: http or https in lower case, the place of the trace id behind the host, nothing that ends an attribute of HTML. */
export const TRACE_LINK = /^https?:\/\/[^\s/?#@{}<>"]+[/?#][^\s<>"]*\{trace_id\}[^\s<>"]*$/;

/** The link to one trace; empty where there is no template. The id is 32 hex digits. */
export function traceLink(template: string | undefined, traceId: string): string {
  return template === undefined ? '' : template.replaceAll(PLACE, traceId);
}

function wordAt(at: number): number {
  return ((pool[at] ?? 0) << 24) | ((pool[at + 1] ?? 0) << 16) | ((pool[at + 2] ?? 0) << 8) | (pool[at + 3] ?? 0);
}
