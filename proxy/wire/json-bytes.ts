/**
 * Functions that step over JSON text in its bytes, without making values of it. Each function takes a position and returns the position
 * that it reached, or `NOWHERE` when the text there cannot be JSON. A skipped value is checked only as far as finding its end needs.
 */

export const NOWHERE = -1;

/** Bytes of a string that are looked at singly before the native search for its end takes over. */
const SHORT_RUN = 12;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** A whole JSON number. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Finds the first byte at or after `at` that is not JSON's white space. It never reads past the end, which would slow all reads. */
export function skipSpace(data: Buffer, at: number): number {
  const { length } = data;
  for (let i = at; i < length; i += 1) {
    const c = data[i];
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return i;
  }
  return length;
}

/** Scans from the first byte inside a string to its closing quote. */
export function endOfString(data: Buffer, from: number): number {
  let i = shortRun(data, from);
  while (i >= data.length || data[i] !== QUOTE) {
    // In a long run the native search finds the next quote faster.
    const quote = data.indexOf(QUOTE, i);
    if (quote < 0 || isClosing(data, i, quote)) return quote;
    i = shortRun(data, quote + 1);
  }
  return i;
}

/** Steps over a few characters of a string, an escape as one character; stops early at the closing quote and at the end of the bytes. */
function shortRun(data: Buffer, from: number): number {
  // A read past the end of the buffer would cost every later read its fast path.
  const stop = Math.min(from + SHORT_RUN, data.length);
  let i = from;
  for (; i < stop; i += 1) {
    const c = data[i];
    if (c === QUOTE) return i;
    if (c === BACKSLASH) i += 1;
  }
  return i;
}

/** Whether a quote closes the string. The backslashes before it, counted back to `from`, can make it a character. */
function isClosing(data: Buffer, from: number, quote: number): boolean {
  let slashes = quote;
  while (slashes > from && data[slashes - 1] === BACKSLASH) slashes -= 1;
  return (quote - slashes) % 2 === 0;
}

/** Scans a value of any type from its first byte to the byte after its last. */
export function skipValue(data: Buffer, at: number): number {
  const c = data[at];
  if (c === QUOTE) return after(endOfString(data, at + 1));
  if (c === 0x7b || c === 0x5b) return skipNested(data, at + 1);
  return skipScalar(data, at);
}

/** Scans from the byte after `{` or `[` to the byte after the matching bracket. */
function skipNested(data: Buffer, at: number): number {
  const { length } = data;
  let depth = 1;
  for (let i = at; i < length; i += 1) {
    const c = data[i];
    if (c === QUOTE) {
      i = endOfString(data, i + 1);
      if (i === NOWHERE) return NOWHERE;
    } else if (c === 0x7d || c === 0x5d) {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (c === 0x7b || c === 0x5b) depth += 1;
  }
  return NOWHERE;
}

/** Scans `true`, `false`, `null` or a number from its first byte to the byte after its last. */
function skipScalar(data: Buffer, at: number): number {
  switch (data[at]) {
    case 0x74: // true
      return data[at + 1] === 0x72 && data[at + 2] === 0x75 && data[at + 3] === 0x65 ? at + 4 : NOWHERE;
    case 0x6e: // null
      return data[at + 1] === 0x75 && data[at + 2] === 0x6c && data[at + 3] === 0x6c ? at + 4 : NOWHERE;
    case 0x66: // false
      return data[at + 1] === 0x61 && data[at + 2] === 0x6c && data[at + 3] === 0x73 && data[at + 4] === 0x65
        ? at + 5
        : NOWHERE;
    default:
      return skipNumber(data, at);
  }
}

function skipNumber(data: Buffer, at: number): number {
  let i = at;
  for (let c = data[i]; c !== undefined && c >= 0x30 && c <= 0x39; c = data[i]) i += 1;
  const plain = i > at && (data[at] !== 0x30 || i === at + 1) && !isOfNumber(data[i]);
  if (plain) return i;
  while (isOfNumber(data[i])) i += 1;
  return NUMBER.test(data.toString('latin1', at, i)) ? i : NOWHERE;
}

/** Whether a byte is a digit or one of `+ - . e E`. */
function isOfNumber(c: number | undefined): boolean {
  if (c === undefined) return false;
  return (c >= 0x30 && c <= 0x39) || c === 0x2b || c === 0x2d || c === 0x2e || c === 0x45 || c === 0x65;
}

/** Whether the bytes are a JSON string of plain ASCII only, without an escape or a control character. */
function isPlainString(data: Buffer, start: number, end: number): boolean {
  if (data[start] !== QUOTE) return false;
  for (let i = start + 1; i < end - 1; i += 1) {
    const c = data[i] ?? 0;
    if (c < 0x20 || c > 0x7e || c === BACKSLASH) return false;
  }
  return true;
}

/** The JSON value between two positions, as JSON.parse makes it; undefined when the text there is not JSON. */
export function valueAt(data: Buffer, start: number, end: number): unknown {
  if (isPlainString(data, start, end)) return data.toString('latin1', start + 1, end - 1);
  try {
    return JSON.parse(data.toString('utf8', start, end));
  } catch {
    return undefined;
  }
}

function after(end: number): number {
  return end === NOWHERE ? NOWHERE : end + 1;
}
