/**
 * A reader for DER (X.690), as far as names, certificates and revocation lists need it. It walks offsets and copies nothing, so it
 * reads a list of 100,000 entries in milliseconds.
 */

/** One element: its tag byte, its first byte, and the range of its content. */
export interface Element {
  readonly tag: number;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  t61: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A fault of the bytes; the message is for people. */
export class DerFault extends Error {}

/** Views the same bytes as a Buffer, without a copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The element at an offset; it must end at or before `limit`. Throws DerFault. */
export function elementAt(der: Buffer, at: number, limit: number = der.length): Element {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) throw new DerFault('DER ends early');
  if ((tag & 0x1f) === 0x1f) throw new DerFault('DER has a tag of several bytes');
  const wide = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || wide > 4 || at + 2 + wide > limit) throw new DerFault('DER has a length that cannot be');
  const length = wide === 0 ? first : der.readUIntBE(at + 2, wide);
  const start = at + 2 + wide;
  if (start + length > limit) throw new DerFault('DER ends early');
  return { tag, at, start, end: start + length };
}

/** The bytes of an element with its tag and length, not copied. */
export function wholeOf(der: Buffer, { at, end }: Element): Buffer {
  return der.subarray(at, end);
}

/** The bytes of an element's content, not copied. */
export function contentOf(der: Buffer, { start, end }: Element): Buffer {
  return der.subarray(start, end);
}

/** Returns the element. Throws DerFault if it is missing or has another tag. */
export function expect(element: Element | undefined, tag: number, what: string): Element {
  if (element?.tag !== tag) throw new DerFault(`${what} is missing or of another type`);
  return element;
}

/** The elements inside a constructed element, in order. Throws DerFault. */
export function children(der: Buffer, parent: Element): Element[] {
  const found: Element[] = [];
  for (let at = parent.start; at < parent.end; ) {
    const child = elementAt(der, at, parent.end);
    found.push(child);
    at = child.end;
  }
  return found;
}

/** An INTEGER as lower-case hex without leading zeros, `0` for zero. Throws DerFault when it is negative. */
export function hexInteger(der: Buffer, element: Element): string {
  checkInteger(der, element);
  const { start, end } = element;
  return der.toString('hex', start, end).replace(/^0+(?=.)/, '');
}

/** Throws DerFault unless the element is an INTEGER of zero or more. */
export function checkInteger(der: Buffer, element: Element): void {
  const { start, end } = expect(element, tags.integer, 'an INTEGER');
  if (start === end || ((der[start] ?? 0x80) & 0x80) !== 0) throw new DerFault('an INTEGER is negative or empty');
}

/** An OBJECT IDENTIFIER in dotted form. Throws DerFault. */
export function dottedOid(der: Buffer, element: Element): string {
  const { start, end } = expect(element, tags.oid, 'an OBJECT IDENTIFIER');
  const numbers: bigint[] = [];
  let number = 0n;
  for (let at = start; at < end; at += 1) {
    const byte = der[at] ?? 0;
    number = (number << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0n;
    }
  }
  const [joined, ...rest] = numbers;
  if (joined === undefined || (der[end - 1] ?? 0x80) >= 0x80) throw new DerFault('an OBJECT IDENTIFIER is cut off');
  const top = joined < 80n ? joined / 40n : 2n;
  return [top, joined - top * 40n, ...rest].join('.');
}

/** A UTCTime or GeneralizedTime in the form of RFC 5280 §4.1.2.5, as seconds since the Unix epoch. Throws DerFault. */
export function epochSeconds(der: Buffer, element: Element): number {
  const digits = der.toString('latin1', element.start, element.end);
  const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(digits);
  const isUtc = element.tag === tags.utcTime && digits.length === 13;
  const isGeneralized = element.tag === tags.generalizedTime && digits.length === 15;
  if (parts === null || (!isUtc && !isGeneralized)) throw new DerFault('a time is not in the form of RFC 5280');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const century = isGeneralized ? 0 : year < 50 ? 2000 : 1900;
  const at = new Date(0);
  at.setUTCFullYear(century + year, month - 1, day);
  at.setUTCHours(hour, minute, second);
  if (at.getUTCDate() !== day || at.getUTCMonth() !== month - 1) throw new DerFault('a time names no day');
  return at.getTime() / 1000;
}

/** Reads a character string of any of X.509's types; undefined for another type. Throws DerFault when the bytes do not fit the type. */
export function textOf(der: Buffer, element: Element): string | undefined {
  const bytes = contentOf(der, element);
  switch (element.tag) {
    case tags.utf8:
      return utf8(bytes);
    case tags.numeric:
    case tags.printable:
    case tags.ia5:
    case tags.visible:
    case tags.t61:
      return bytes.toString('latin1');
    case tags.bmp:
      return wide(bytes, 2);
    case tags.universal:
      return wide(bytes, 4);
    default:
      return undefined;
  }
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DerFault('a UTF8String is not UTF-8');
  }
}

function wide(bytes: Buffer, width: 2 | 4): string {
  if (bytes.length % width !== 0) throw new DerFault('a character string is cut off');
  let text = '';
  for (let at = 0; at < bytes.length; at += width) {
    const point = bytes.readUIntBE(at, width);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new DerFault('a character does not exist');
    text += String.fromCodePoint(point);
  }
  return text;
}
