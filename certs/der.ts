import { tags } from '../proxy/x509/encoding/der.js';

// Writes what names and revocation lists are made of (X.690 §8); `proxy/x509/encoding/der.ts` reads it.

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
  return encodeElement(tags.integer, sign, content);
}

/** An OBJECT IDENTIFIER of its dotted text (X.690 §8.19). */
export function encodeOid(dotted: string): Uint8Array {
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encodeElement(tags.oid, Buffer.from([root * 40 + second, ...rest].flatMap(base128)));
}

/** A Time (RFC 5280 §4.1.2.5): UTCTime before 2050, GeneralizedTime from then on; whole seconds. */
export function encodeTime(time: Date): Uint8Array {
  const digits = `${time.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const short = time.getUTCFullYear() < 2050;
  return encodeElement(short ? tags.utcTime : tags.generalizedTime, Buffer.from(short ? digits.slice(2) : digits));
}

/** An extension that is not critical. */
export function encodeExtension(oid: string, value: Uint8Array): Uint8Array {
  return encodeElement(tags.sequence, encodeOid(oid), encodeElement(tags.octetString, value));
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
