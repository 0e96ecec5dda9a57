/** Longest text that is written character by character, in characters; for a longer one a call of the runtime is faster. */
const MAX_SHORT_TEXT = 16;
/** Most bytes of a number or a length. */
const MAX_VARINT_BYTES = 10;
/** Numbers up to this one are of one byte. */
const MAX_BYTE = 0x7f;
/** Up to here the operators on whole numbers do as they should. */
const MAX_SMALL = 0x7fff_ffff;
const MAX_ASCII = 0x7f;
/**
 * Room that there is behind whatever looked for room (`copy`, texts, `hex`, `open`, `close`), bytes: what is written next without
 * looking, numbers and tags, must not be more.
 */
const SLACK_BYTES = 64;

/** The values of hex digits, by their codes. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);

/** A message of protobuf in the making, in one buffer that grows. Positions and lengths are in bytes. */
export class ProtobufWriter {
  #bytes: Buffer;
  #view: DataView;
  #at = 0;

  /** @param capacity bytes that can be written before the buffer grows */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity + SLACK_BYTES);
    this.#view = viewOf(this.#bytes);
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  /** Where the next byte goes. */
  get position(): number {
    return this.#at;
  }

  /** Goes on at that position; what is skipped is to be written later. */
  moveTo(position: number): void {
    this.#at = position;
    this.#reserve(0);
  }

  /** The bytes between two positions; not a copy. */
  between(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to);
  }

  /** A tag of a field below 16, or a number up to 127. */
  byte(value: number): void {
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  /** A whole number of 64 bits, signed or not. */
  varint(value: number): void {
    if (value >= 0 && value <= MAX_BYTE) this.byte(value);
    else if (value >= 0 && value <= MAX_SMALL) this.#smallVarint(value);
    else this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
  }

  fixed32(value: number): void {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  /** @param low the lower 32 bits */
  fixed64(low: number, high: number): void {
    this.#view.setUint32(this.#at, low, true);
    this.#view.setUint32(this.#at + 4, high, true);
    this.#at += 8;
  }

  double(value: number): void {
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Bytes as they are, without their length. */
  copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** The bytes that at most 254 lower-case hex digits stand for, after their length. */
  hex(digits: string): void {
    this.#reserve(1 + digits.length);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = digits.length >> 1;
    for (let i = 0; i < digits.length; i += 2) bytes[at++] = (digitAt(digits, i) << 4) | digitAt(digits, i + 1);
    this.#at = at;
  }

  /** A text as UTF-8, after its length. */
  text(text: string): void {
    const from = this.#at;
    this.varint(text.length);
    if (this.ascii(text)) return;
    this.#at = from;
    this.utf8(text, Buffer.byteLength(text));
  }

  /** A text without its length, one byte for each character; false where it has others, and then it was not written. */
  ascii(text: string): boolean {
    const { length } = text;
    this.#reserve(length);
    // There is more room than that, so a text of other characters is not cut to just this length.
    const isAscii = length > MAX_SHORT_TEXT ? this.#bytes.write(text, this.#at) === length : this.#shortAscii(text);
    if (isAscii) this.#at += length;
    return isAscii;
  }

  /** A text after its length, which must be that of its UTF-8. */
  utf8(text: string, length: number): void {
    this.varint(length);
    this.#reserve(length);
    this.#bytes.write(text, this.#at);
    this.#at += length;
  }

  /** Begins a message whose own length is probably of that many bytes. @returns where it begins, for `close` */
  open(lengthBytes: number): number {
    this.#reserve(lengthBytes);
    this.#at += lengthBytes;
    return this.#at;
  }

  /** Ends the message that begins at `from`: puts its length before it, and moves it where that takes other room than was thought. */
  close(from: number, lengthBytes: number): void {
    const length = this.#at - from;
    const needed = varintBytes(length);
    if (needed !== lengthBytes) {
      this.#reserve(MAX_VARINT_BYTES);
      this.#bytes.copyWithin(from + needed - lengthBytes, from, this.#at);
    }
    this.#at = from - lengthBytes;
    this.#smallVarint(length);
    this.#at += length;
  }

  #shortAscii(text: string): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    let seen = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      bytes[at + i] = code;
      seen |= code;
    }
    return seen <= MAX_ASCII;
  }

  #smallVarint(value: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    let rest = value;
    for (; rest > MAX_BYTE; rest >>>= 7) bytes[at++] = (rest & MAX_BYTE) | 0x80;
    bytes[at++] = rest;
    this.#at = at;
  }

  #bigVarint(value: bigint): void {
    let rest = value;
    for (; rest > MAX_BYTE; rest >>= 7n) this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#at++] = Number(rest);
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes + SLACK_BYTES;
    if (needed > this.#bytes.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

/** Bytes of a number as a varint; of 64 bits where it is negative. */
export function varintBytes(value: number): number {
  return value >= 0 && value <= MAX_BYTE ? 1 : longVarintBytes(value);
}

function longVarintBytes(value: number): number {
  if (value < 0) return MAX_VARINT_BYTES;
  let bytes = 2;
  for (let bound = (MAX_BYTE + 1) ** 2; value >= bound; bound *= MAX_BYTE + 1) bytes += 1;
  return bytes;
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function digitAt(digits: string, at: number): number {
  return DIGITS[digits.charCodeAt(at)] ?? 0;
}
