/** Bytes of a payload that the sink is shown; a longer payload is counted and not kept. */
export const SHOWN_BYTES = 512;
/** Longest head of a server's frame: unmasked, 64-bit length (RFC 6455 §5.2). */
const MAX_HEAD_BYTES = 10;

/** Is shown each frame: its first `SHOWN_BYTES` lie in `buffer` at `at`, all of it is `length` bytes long. */
export type FrameSink = (opcode: number, buffer: Buffer, at: number, length: number) => void;

/**
 * Reads a server's frames out of a stream, without copying what lies in one piece. It trusts the server: it is there to
 * count and to time, conformance is tested elsewhere.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  /** The start of a frame whose head, or whose shown part, has not arrived in full. */
  #kept: Buffer = Buffer.alloc(0);
  /** Bytes of a frame that was shown already and that are still to come. */
  #skip = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  push(piece: Buffer): void {
    const skipped = Math.min(this.#skip, piece.length);
    this.#skip -= skipped;
    let at = skipped;
    let chunk = piece;
    if (this.#kept.length > 0) {
      chunk = Buffer.concat([this.#kept, piece.subarray(at)]);
      this.#kept = Buffer.alloc(0);
      at = 0;
    }
    while (at < chunk.length) {
      const taken = this.#frame(chunk, at);
      if (taken === 0) {
        this.#kept = Buffer.from(chunk.subarray(at));
        return;
      }
      at += taken;
    }
  }

  /** Bytes that the frame at `at` takes of the chunk; 0 when too little of it is there. */
  #frame(chunk: Buffer, at: number): number {
    const there = chunk.length - at;
    if (there < 2) return 0;
    const short = (chunk[at + 1] ?? 0) & 0x7f;
    const head = short === 126 ? 4 : short === 127 ? MAX_HEAD_BYTES : 2;
    if (there < head) return 0;
    const length = lengthOf(chunk, at, short);
    if (there < head + Math.min(length, SHOWN_BYTES)) return 0;
    this.#sink((chunk[at] ?? 0) & 0x0f, chunk, at + head, length);
    const taken = Math.min(there, head + length);
    this.#skip = head + length - taken;
    return taken;
  }
}

function lengthOf(chunk: Buffer, at: number, short: number): number {
  if (short < 126) return short;
  return short === 126 ? chunk.readUInt16BE(at + 2) : chunk.readUIntBE(at + 4, 6);
}
