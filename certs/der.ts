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
 * @throws RangeError when the bytes end inside an element or use a form that DER forbids
 */
export function readElements(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const element = readElement(bytes.subarray(at));
    elements.push(element);
    at += element.encoded.length;
  }
  return elements;
}

function readElement(bytes: Uint8Array): DerElement {
  const [tag = 0, first] = bytes;
  if (first === undefined || (tag & 0x1f) === 0x1f) throw new RangeError('DER: cut short, or a multi-byte tag');
  const extra = first < 0x80 ? 0 : first - 0x80;
  // Four bytes of length are 4 GiB: more than any file that is read here.
  if (first === 0x80 || extra > 4 || bytes.length < 2 + extra)
    throw new RangeError('DER: a length that is not allowed');
  const length = extra === 0 ? first : bytes.subarray(2, 2 + extra).reduce((sum, byte) => sum * 256 + byte, 0);
  const end = 2 + extra + length;
  if (bytes.length < end) throw new RangeError('DER: cut short');
  return { tag, content: bytes.subarray(2 + extra, end), encoded: bytes.subarray(0, end) };
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

/** The dotted text of an OBJECT IDENTIFIER's content. */
export function decodeOid(content: Uint8Array): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = arc * 128n + BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

/** A Time (RFC 5280 §4.1.2.5): UTCTime before 2050, GeneralizedTime from then on; whole seconds. */
export function encodeTime(time: Date): Uint8Array {
  const digits = `${time.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const short = time.getUTCFullYear() < 2050;
  return encodeElement(short ? TAG.utcTime : TAG.generalizedTime, Buffer.from(short ? digits.slice(2) : digits));
}

/** @throws RangeError when the element is not a time as RFC 5280 writes it */
export function decodeTime({ tag, content }: DerElement): Date {
  const text = Buffer.from(content).toString('latin1');
  const century = tag === TAG.generalizedTime ? '' : Number(text.slice(0, 2)) < 50 ? '20' : '19';
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text);
  if (parts === null) throw new RangeError('DER: not a time');
  const [, year, month, day, hour, minute, second] = parts;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw new RangeError('DER: not a time');
  return time;
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
