/** Most bytes of one request that are kept: method, path and headers stand before the body. */
export const MAX_HEAD_BYTES = 512;
/** Bytes before each head, which hold its length. */
const LENGTH_BYTES = 2;

/** Stands in place of a head that is not kept. */
export const NO_HEAD = -1;

/**
 * The first bytes of the requests that came last, so that what a call was can still be told when it has failed. To copy them costs a call some
 * tens of nanoseconds, where to read path and headers costs microseconds, and most calls end well. The oldest are written over.
 */
export class RequestHeads {
  readonly #arena: Buffer;
  /** Bytes that were ever written; the place in the arena is what is left of it by the arena's length. */
  #written = 0;

  /** @param bytes memory for all heads */
  constructor(bytes: number) {
    this.#arena = Buffer.alloc(Math.max(bytes, 2 * (MAX_HEAD_BYTES + LENGTH_BYTES)));
  }

  /** Keeps the beginning of a message; what it returns finds it again. */
  keep(message: Buffer): number {
    const arena = this.#arena;
    const length = Math.min(message.length, MAX_HEAD_BYTES);
    let at = this.#written % arena.length;
    // A head is in one piece: what is left at the end of the arena stays unused.
    if (at + LENGTH_BYTES + length > arena.length) {
      this.#written += arena.length - at;
      at = 0;
    }
    arena[at] = length & 0xff;
    arena[at + 1] = length >> 8;
    message.copy(arena, at + LENGTH_BYTES, 0, length);
    const head = this.#written;
    this.#written += LENGTH_BYTES + length;
    return head;
  }

  /** A kept head, to be read at once; undefined when it has been written over. */
  of(head: number): Buffer | undefined {
    const arena = this.#arena;
    if (head === NO_HEAD || this.#written - head > arena.length) return undefined;
    const at = head % arena.length;
    const length = (arena[at] ?? 0) | ((arena[at + 1] ?? 0) << 8);
    return arena.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length);
  }
}
