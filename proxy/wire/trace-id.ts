import { randomFillSync } from 'node:crypto';

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
/** One more than the greatest weight. */
const WEIGHTS = 0x1_0000_0000;

/** Random bytes for ids, drawn many at a time. */
const pool = Buffer.alloc(4096);
let used = pool.length;

/** Where the next `bytes` random bytes lie in the pool; never all zero, as no id may be (W3C Trace Context §3.2.2). */
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
 * The bound below which the weight of that share of all trace ids lies, 0 to 1. The weight is the exclusive or of an id’s four words, as
 * the TraceIdRatioBased sampler of OpenTelemetry JS has it: services with one ratio choose the same traces.
 */
export function boundOf(ratio: number): number {
  return ratio >= 1 ? WEIGHTS : Math.floor(ratio * (WEIGHTS - 1));
}

/** Whether a trace id’s weight is below the bound. */
export function isBelow(traceId: string, bound: number): boolean {
  let weight = 0;
  for (let at = 0; at < 32; at += 8) weight ^= Number.parseInt(traceId.slice(at, at + 8), 16);
  return weight >>> 0 < bound;
}

/** A fresh trace id, if its weight is below the bound: most are not, and cost no text. */
export function newTraceIdBelow(bound: number): string | undefined {
  const at = draw(TRACE_BYTES);
  let weight = 0;
  for (let word = at; word < at + TRACE_BYTES; word += 4) weight ^= wordAt(word);
  if (weight >>> 0 >= bound) return undefined;
  return pool.toString('hex', at, at + TRACE_BYTES);
}

function wordAt(at: number): number {
  return ((pool[at] ?? 0) << 24) | ((pool[at + 1] ?? 0) << 16) | ((pool[at + 2] ?? 0) << 8) | (pool[at + 3] ?? 0);
}
