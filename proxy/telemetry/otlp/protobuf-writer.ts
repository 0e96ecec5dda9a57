/** Longest text that is written character by character, in characters; for a longer text a call of the runtime is faster. */
const MAX_SHORT_TEXT = 16;
/** Most bytes of a number or a length. */
const MAX_VARINT_BYTES = 10;
/** Largest number that takes one byte. */
const MAX_BYTE = 0x7f;
/** Largest number on which the bitwise operators are exact. */
const MAX_SMALL = 0x7fff_ffff;
const MAX_ASCII = 0x7f;
/**
 * Bytes that are free behind every write that looks for room (`copy`, texts, `hex`, `open`, `close`). Numbers and tags are written
 * without looking, so those between two such writes must not take more.
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

  /** The position of the next byte. */
  get position(): number {
    return this.#at;
  }

  /** Goes on at that position; the bytes that are skipped must be written later. */
  moveTo(position: number): void {
    this.#at = position;
    this.#reserve(0);
  }

  /** The bytes between two positions; a view of the buffer, not a copy. */
  between(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to);
  }

  /** Writes one byte: the tag of a field below 16, or a number up to 127. */
  byte(value: number): void {
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  /** Writes a whole number of 64 bits, signed or not. */
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

  /** Writes bytes as they are, without their length. */
  copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Writes the length and the bytes that at most 254 lower-case hex digits stand for. */
  hex(digits: string): void {
    this.#reserve(1 + digits.length);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = digits.length >> 1;
    for (let i = 0; i < digits.length; i += 2) bytes[at++] = (digitAt(digits, i) << 4) | digitAt(digits, i + 1);
    this.#at = at;
  }

  /** Writes the length of a text and the text as UTF-8. */
  text(text: string): void {
    const from = this.#at;
    this.varint(text.length);
    if (this.ascii(text)) return;
    this.#at = from;
    this.utf8(text, Buffer.byteLength(text));
  }

  /** Writes an ASCII text without its length; false where it has other characters, and then nothing was written. */
  ascii(text: string): boolean {
    const { length } = text;
    this.#reserve(length);
    // There is more room than that, so a text of other characters is never cut to exactly this length.
    const isAscii = length > MAX_SHORT_TEXT ? this.#bytes.write(text, this.#at) === length : this.#shortAscii(text);
    if (isAscii) this.#at += length;
    return isAscii;
  }

  /** Writes the length, which must be that of the text in UTF-8, and the text. */
  utf8(text: string, length: number): void {
    this.varint(length);
    this.#reserve(length);
    this.#bytes.write(text, this.#at);
    this.#at += length;
  }

  /** Begins a message whose length field probably takes that many bytes. @returns the position at which the message begins, for `close` */
  open(lengthBytes: number): number {
    this.#reserve(lengthBytes);
    this.#at += lengthBytes;
    return this.#at;
  }

  /**
   * Ends the message that begins at `from`: puts its length before it, and moves the message where the length takes another number of
   * bytes than `open` was told.
   */
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

/** Bytes that a number takes as a varint; a negative number is taken as 64 bits. */
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
