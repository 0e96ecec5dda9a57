import { unmask } from './unmask.js';

/** Most pieces that are held side by side: many small pieces, from a malicious sender, would take more memory than their bytes. */
const MAX_PIECES = 1_024;
/** Memory of a piece beyond its content, bytes. */
export const PIECE_COST = 300;
const MASK_BYTES = 4;

/** A whole masked frame that has come only in part, and is too long to keep its input and read it again later. */
export class LongMessage {
  readonly #head: Buffer;
  readonly #length: number;
  readonly #mask = new Uint8Array(MASK_BYTES);
  #pieces: Buffer[] = [];
  #received = 0;

  /**
   * @param head head of the frame, mask included; a copy is made
   * @param length length of its payload, bytes
   */
  constructor(head: Buffer, length: number) {
    this.#head = Buffer.from(head);
    this.#length = length;
  }

  get isWhole(): boolean {
    return this.#received === this.#length;
  }

  /** Memory of the bytes that have come. */
  get memory(): number {
    return this.#received + this.#pieces.length * PIECE_COST;
  }

  /** Takes this message's bytes from a piece of input, in place, and returns the position after them. */
  take(piece: Buffer, at: number): number {
    const end = Math.min(piece.length, at + this.#length - this.#received);
    this.#turnMask();
    unmask(piece, at, end - at, this.#mask, 0);
    this.#pieces.push(piece.subarray(at, end));
    this.#received += end - at;
    if (this.#pieces.length === MAX_PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
    return end;
  }

  /** The payload so far, without its mask. */
  payload(): Buffer {
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#received);
  }

  /** The frame so far, as it came. */
  original(): Buffer {
    const { length } = this.#head;
    const frame = Buffer.concat([this.#head, ...this.#pieces]);
    unmask(frame, length, this.#received, frame, length - MASK_BYTES);
    return frame;
  }

  /** Turns the mask so that it fits the next byte. */
  #turnMask(): void {
    const first = this.#head.length - MASK_BYTES;
    for (let byte = 0; byte < MASK_BYTES; byte += 1) {
      this.#mask[byte] = this.#head[first + ((this.#received + byte) & 3)] ?? 0;
    }
  }
}
