/**
 * Steps over JSON text that is still bytes, without making values of it. Each function takes where it stands and says where
 * it got to, or `NOWHERE` when what is there can't be JSON. What is stepped over is checked for where it ends and no further.
 */

export const NOWHERE = -1;

/** Bytes of a string that are looked at one by one before the native search for its end takes over. */
const SHORT_RUN = 12;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** A JSON number, whole. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** The first byte at or after `at` that is not JSON’s white space. Reading past the end is avoided: it slows all reads. */
export function skipSpace(data: Buffer, at: number): number {
  const { length } = data;
  for (let i = at; i < length; i += 1) {
    const c = data[i];
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return i;
  }
  return length;
}

/** From a string’s first byte after the quote to its closing quote. */
export function endOfString(data: Buffer, from: number): number {
  let i = shortRun(data, from);
  while (i >= data.length || data[i] !== QUOTE) {
    // A long run: the native search finds the next quote.
    const quote = data.indexOf(QUOTE, i);
    if (quote < 0 || isClosing(data, i, quote)) return quote;
    i = shortRun(data, quote + 1);
  }
  return i;
}

/** Steps over a few characters of a string, escapes as one; stops early at the closing quote and at the end of the bytes. */
function shortRun(data: Buffer, from: number): number {
  // Reading past the end would cost every later read its fast path.
  const stop = Math.min(from + SHORT_RUN, data.length);
  let i = from;
  for (; i < stop; i += 1) {
    const c = data[i];
    if (c === QUOTE) return i;
    if (c === BACKSLASH) i += 1;
  }
  return i;
}

/** A quote closes the string unless the backslashes before it, counted from `from`, make it a character. */
function isClosing(data: Buffer, from: number, quote: number): boolean {
  let slashes = quote;
  while (slashes > from && data[slashes - 1] === BACKSLASH) slashes -= 1;
  return (quote - slashes) % 2 === 0;
}

/** From any value’s first byte to the byte after its last. */
export function skipValue(data: Buffer, at: number): number {
  const c = data[at];
  if (c === QUOTE) return after(endOfString(data, at + 1));
  if (c === 0x7b || c === 0x5b) return skipNested(data, at + 1);
  return skipScalar(data, at);
}

/** From the byte after `{` or `[` to the byte after its match. */
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

/** From the first byte of `true`, `false`, `null` or a number to the byte after its last. */
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

/** Digits and `+ - . e E`. */
function isOfNumber(c: number | undefined): boolean {
  if (c === undefined) return false;
  return (c >= 0x30 && c <= 0x39) || c === 0x2b || c === 0x2d || c === 0x2e || c === 0x45 || c === 0x65;
}

/** Whether those bytes are a JSON string of nothing but plain ASCII: no escape, no control character. */
function isPlainString(data: Buffer, start: number, end: number): boolean {
  if (data[start] !== QUOTE) return false;
  for (let i = start + 1; i < end - 1; i += 1) {
    const c = data[i] ?? 0;
    if (c < 0x20 || c > 0x7e || c === BACKSLASH) return false;
  }
  return true;
}

/** The value between two bytes, as JSON.parse makes it; undefined when it is none. */
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
