import { validateHeaderName, validateHeaderValue } from 'node:http';

/** A name and its value; a name may occur more than once, and the order is kept. */
export interface NameValue {
  /** As it was written; names of headers are compared without regard to case. */
  readonly name: string;
  /** Never undefined; may be empty. */
  readonly value: string;
}

/** Headers of one connection, not of the message (RFC 9110 §7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** Headers of the body: `dataFormat`, `messageBody` and `bodyHeaders` carry them, and `headers` does not. */
const ABOUT_THE_BODY: ReadonlySet<string> = new Set(['content-length', 'content-type', 'content-encoding']);
/** Headers for the bridge or the gateway itself: its own name, and its own leave to send the body. */
const FOR_THE_NEXT = ['host', 'expect'];

/**
 * Headers, or parameters of a query, of one message that are carried; more are refused. The head of an HTTP message has room for no more:
 * Node reads 16 KiB of it, and a parameter takes two bytes at least.
 */
export const MAX_PAIRS = 8192;

/**
 * The headers of a request that go on: all but those of the connection, of the body, and those named in `Connection`. `codings` says
 * whether the caller can be told of a content coding; if not, the API may not be asked for one.
 */
export function requestHeaders(all: readonly NameValue[], codings: boolean): NameValue[] {
  return without(all, [...HOP_BY_HOP, ...ABOUT_THE_BODY, ...FOR_THE_NEXT, ...(codings ? [] : ['accept-encoding'])]);
}

/** The headers of a response that go on. */
export function responseHeaders(all: readonly NameValue[]): NameValue[] {
  return without(all, [...HOP_BY_HOP, ...ABOUT_THE_BODY]);
}

/**
 * The headers that say what a body is, as they stand. `Content-Length` is among them only where there is no body whose bytes could be counted;
 * `isEmpty` says so.
 */
export function bodyHeaders(all: readonly NameValue[], isEmpty: boolean): NameValue[] {
  return all.filter(({ name }) => {
    const known = name.toLowerCase();
    return ABOUT_THE_BODY.has(known) && (isEmpty || known !== 'content-length');
  });
}

function without(all: readonly NameValue[], names: readonly string[]): NameValue[] {
  const named = all
    .filter(({ name }) => name.toLowerCase() === 'connection')
    .flatMap(({ value }) => value.toLowerCase().split(','))
    .map((name) => name.trim());
  const dropped = new Set([...names, ...named]);
  return all.filter(({ name }) => !dropped.has(name.toLowerCase()));
}

/** Node's flat list of names and values. */
export function fromRaw(raw: readonly string[]): NameValue[] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [{ name, value: raw[at + 1] ?? '' }] : []));
}

export function toRaw(headers: readonly NameValue[]): string[] {
  return headers.flatMap(({ name, value }) => [name, value]);
}

/** The first value of a header, its name in lower case. */
export function headerValue(headers: readonly NameValue[], wanted: string): string | undefined {
  return headers.find(({ name }) => name.toLowerCase() === wanted)?.value;
}

/** Reads `[{name,value}]` from a peer. A number is taken as its text; a name or value that cannot stand in HTTP is a fault. */
export function readHeaders(value: unknown, what = 'headers'): NameValue[] | { readonly fault: string } {
  const pairs = readPairs(value, what);
  if ('fault' in pairs) return pairs;
  for (const { name, value: text } of pairs) {
    if (!isHeader(name, text)) {
      return { fault: `a header is not valid in HTTP: ${JSON.stringify(name.slice(0, 64))}` };
    }
  }
  return pairs;
}

/** Whether a name and a value can stand in HTTP. A character of the value is a byte (ISO 8859-1). */
export function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** Reads a list of `{name,value}` or `{name,val}` from a peer; absent and null are the empty list. `what` names the field. */
export function readPairs(value: unknown, what: string): NameValue[] | { readonly fault: string } {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return { fault: `${what} is not a list` };
  if (value.length > MAX_PAIRS) return { fault: `${what} has more than ${MAX_PAIRS} entries` };
  const pairs: NameValue[] = [];
  for (const item of value as readonly unknown[]) {
    const pair = readPair(item);
    if (pair === undefined) return { fault: `${what} has an entry that is not {"name","value"} of text` };
    pairs.push(pair);
  }
  return pairs;
}

/** Deployed test clients call the value `val`. */
function readPair(item: unknown): NameValue | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { name, val, value = val } = item as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string') return undefined;
  if (typeof value === 'string') return { name, value };
  return typeof value === 'number' ? { name, value: String(value) } : undefined;
}
