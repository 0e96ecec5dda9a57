/** The head of a frame (RFC 6455 §5.2). */
export interface FrameHead {
  /** Length of the head, mask included. */
  readonly bytes: number;
  /** Length of the payload. */
  readonly length: number;
  readonly isMasked: boolean;
}

const MASKED = 0x80;
const MASK_BYTES = 4;

/** Reads the head at `at`; undefined when not all of it is there. The first byte is for the caller to judge. */
export function readHead(input: Buffer, at: number): FrameHead | undefined {
  const there = input.length - at;
  if (there < 2) return undefined;
  const second = input[at + 1] ?? 0;
  const isMasked = (second & MASKED) !== 0;
  const short = second & 0x7f;
  const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
  const bytes = 2 + extended + (isMasked ? MASK_BYTES : 0);
  if (there < bytes) return undefined;
  return { bytes, length: extended === 0 ? short : lengthAt(input, at + 2, extended), isMasked };
}

function lengthAt(input: Buffer, at: number, bytes: 2 | 8): number {
  return bytes === 2 ? input.readUInt16BE(at) : input.readUInt32BE(at) * 2 ** 32 + input.readUInt32BE(at + 4);
}
