/**
 * Distinguished names as text, exactly by RFC 4514. A text that the grammar of its §3 does not allow is refused, never guessed: two
 * readers that disagree on a name would let one client become another.
 */

/** One attribute: its value as text, or, for a value without text, its BER in upper-case hex (`#…` in the text). */
export type Attribute =
  | { readonly type: string; readonly value: string }
  | { readonly type: string; readonly ber: string };
/** A relative name: one attribute, or several attributes that belong together (`OU=a+CN=b`). */
export type RelativeName = readonly Attribute[];
/** Relative names in the order of the text, most specific first. */
export type DistinguishedName = readonly RelativeName[];

export type ParsedName = { readonly ok: DistinguishedName } | { readonly fault: string };

/** Longest name that is read, in characters of its text. */
export const MAX_NAME_CHARS = 8192;

const TYPE = /(?:[A-Za-z][A-Za-z0-9-]*|(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+)=/y;
const BER = /#((?:[0-9A-Fa-f]{2})+)/y;
const HEX_PAIR = /[0-9A-Fa-f]{2}/y;
/** Characters that stand for themselves after a backslash (`special` and ESC of RFC 4514 §3). */
const ESCAPABLE = '"+,;<> #=\\';
/** Characters that need a backslash in a value. */
const FORBIDDEN = '"+,;<>\\\0';

/** Reads a name. The fault says what is wrong and at which character, counted from 1; it repeats nothing of the text. */
export function parseName(text: string): ParsedName {
  if (text.length > MAX_NAME_CHARS) return { fault: `longer than ${MAX_NAME_CHARS} characters` };
  if (/\p{Surrogate}/u.test(text)) return { fault: 'not well-formed Unicode' };
  if (text === '') return { ok: [] };
  const name: Attribute[][] = [[]];
  for (let at = 0; ; ) {
    const read = attributeAt(text, at);
    if ('fault' in read) return read;
    name.at(-1)?.push(read.attribute);
    if (read.end === text.length) return { ok: name };
    if (text[read.end] === ',') name.push([]);
    else if (text[read.end] !== '+') return faultAt(read.end, 'a character that needs a backslash');
    at = read.end + 1;
  }
}

/**
 * Writes a name as Envoy's TLS library does, which is one of the spellings of RFC 4514: upper-case hex pairs for control and non-ASCII
 * characters, a backslash where §2.4 asks for one.
 */
export function formatName(name: DistinguishedName): string {
  return name.map((relative) => relative.map(formatAttribute).join('+')).join(',');
}

type AttributeReading = { readonly attribute: Attribute; readonly end: number } | { readonly fault: string };

function attributeAt(text: string, at: number): AttributeReading {
  const head = matchAt(TYPE, text, at);
  if (head === undefined) return faultAt(at, 'no attribute type with its "="');
  const type = head.slice(0, -1);
  const start = at + head.length;
  if (text[start] !== '#') return valueAt(text, start, type);
  const ber = matchAt(BER, text, start);
  if (ber === undefined) return faultAt(start, 'a "#" without hex pairs');
  return { attribute: { type, ber: ber.slice(1).toUpperCase() }, end: start + ber.length };
}

function valueAt(text: string, start: number, type: string): AttributeReading {
  const bytes: Buffer[] = [];
  let at = start;
  let bareSpace = -1;
  while (at < text.length && !isSeparator(text[at])) {
    const read = text[at] === '\\' ? escapeAt(text, at) : plainAt(text, at);
    if ('fault' in read) return read;
    bareSpace = text[at] === ' ' ? at : -1;
    if (bareSpace === start) return faultAt(at, 'a leading space without a backslash');
    bytes.push(read.bytes);
    at = read.end;
  }
  if (bareSpace >= 0) return faultAt(bareSpace, 'a trailing space without a backslash');
  try {
    const value = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(bytes));
    return { attribute: { type, value }, end: at };
  } catch {
    return faultAt(start, 'a value that is not UTF-8');
  }
}

type BytesReading = { readonly bytes: Buffer; readonly end: number } | { readonly fault: string };

function plainAt(text: string, at: number): BytesReading {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (FORBIDDEN.includes(char)) return faultAt(at, 'a character that needs a backslash');
  return { bytes: Buffer.from(char), end: at + char.length };
}

function escapeAt(text: string, at: number): BytesReading {
  const next = text[at + 1];
  if (next !== undefined && ESCAPABLE.includes(next)) return { bytes: Buffer.from(next), end: at + 2 };
  const pair = matchAt(HEX_PAIR, text, at + 1);
  if (pair === undefined) return faultAt(at, 'a backslash before what needs none');
  return { bytes: Buffer.from(pair, 'hex'), end: at + 3 };
}

function isSeparator(char: string | undefined): boolean {
  return char === ',' || char === '+';
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function faultAt(at: number, what: string): { readonly fault: string } {
  return { fault: `${what} at character ${at + 1}` };
}

function formatAttribute(attribute: Attribute): string {
  if ('ber' in attribute) return `${attribute.type}=#${attribute.ber}`;
  const chars = [...attribute.value];
  const last = chars.length - 1;
  const escaped = chars.map((char, i) => {
    const isEdge = (i === 0 && (char === ' ' || char === '#')) || (i === last && char === ' ');
    if (isEdge || '"+,;<>\\'.includes(char)) return `\\${char}`;
    return char < ' ' || char > '~' ? hexPairs(char) : char;
  });
  return `${attribute.type}=${escaped.join('')}`;
}

function hexPairs(char: string): string {
  return Buffer.from(char).toString('hex').toUpperCase().replace(/../g, '\\$&');
}
