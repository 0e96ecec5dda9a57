import { dottedOid, type Element, elementAt, epochSeconds } from '../proxy/x509/encoding/der.js';

/** Tags of the types that names and revocation lists are made of (X.690 §8). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  context0: 0xa0,
  context3: 0xa3,
} as const;

/** One element of DER: its tag byte, its content, and the whole of it with tag and length. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly encoded: Uint8Array;
}

/**
 * The elements that stand one after another in `bytes`: single-byte tags, definite lengths.
 *
 * @throws DerFault when the bytes end inside an element or use a form that DER forbids
 */
export function readElements(bytes: Uint8Array): DerElement[] {
  const der = bufferOf(bytes);
  const elements: DerElement[] = [];
  for (let at = 0; at < der.length; ) {
    const { tag, start, end } = elementAt(der, at);
    elements.push({ tag, content: der.subarray(start, end), encoded: der.subarray(at, end) });
    at = end;
  }
  return elements;
}

/** One element of the given tag whose content is `parts`, joined. */
export function encodeElement(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length = unsigned(BigInt(content.length));
  return Buffer.concat([Buffer.of(tag, 0x80 + length.length), length, content]);
}

/** An INTEGER of zero or more. */
export function encodeInteger(value: bigint): Uint8Array {
  const content = unsigned(value);
  // A leading 1 bit would make it negative.
  const sign = (content[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.of();
  return encodeElement(TAG.integer, sign, content);
}

/** The value of an INTEGER's content, read without its sign: serial and list numbers are never negative (RFC 5280). */
export function decodeInteger(content: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(content).toString('hex') || '0'}`);
}

/** An OBJECT IDENTIFIER of its dotted text (X.690 §8.19). */
export function encodeOid(dotted: string): Uint8Array {
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encodeElement(TAG.oid, Buffer.from([root * 40 + second, ...rest].flatMap(base128)));
}

/** The dotted text of an OBJECT IDENTIFIER's content. Throws DerFault. */
export function decodeOid(content: Uint8Array): string {
  return dottedOid(bufferOf(content), whole(TAG.oid, content));
}

/** A Time (RFC 5280 §4.1.2.5): UTCTime before 2050, GeneralizedTime from then on; whole seconds. */
export function encodeTime(time: Date): Uint8Array {
  const digits = `${time.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const short = time.getUTCFullYear() < 2050;
  return encodeElement(short ? TAG.utcTime : TAG.generalizedTime, Buffer.from(short ? digits.slice(2) : digits));
}

/** @throws DerFault when the element is not a time as RFC 5280 writes it */
export function decodeTime({ tag, content }: DerElement): Date {
  return new Date(epochSeconds(bufferOf(content), whole(tag, content)) * 1000);
}

/** The content of an element as the reader of the proxy wants it: with its place in the bytes. */
function whole(tag: number, content: Uint8Array): Element {
  return { tag, at: 0, start: 0, end: content.length };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function unsigned(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 + (rest % 128));
  return bytes;
}
