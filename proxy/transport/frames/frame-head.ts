/** The head of a frame (RFC 6455 §5.2). */
export interface FrameHead {
  /** Length of the head, mask included. */
  readonly bytes: number;
  /** Length of the payload. */
  readonly length: number;
  readonly isMasked: boolean;
}

/** First bytes of whole frames, with FIN set and reserved bits clear (RFC 6455 §5.2). */
export const WHOLE = { text: 0x81, binary: 0x82, close: 0x88, ping: 0x89, pong: 0x8a } as const;
/** Bit of the first byte: the last fragment. */
export const FIN = 0x80;
/** Bit of the second byte. */
export const MASKED = 0x80;
/** The first opcode of a control frame. */
export const CLOSE = 0x8;
const MASK_BYTES = 4;
/** The only length of a masked control frame's head: the length of its payload fits the second byte (RFC 6455 §5.5). */
const CONTROL_HEAD_BYTES = 6;

/** Reads the head at `at`; undefined when it has not come whole. The caller judges the first byte. */
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

/** Whether a frame is a whole ping, pong or close without a fault in its head; `first` is its first byte. */
export function isHarmless(first: number, { isMasked, bytes }: FrameHead): boolean {
  const isControl = first === WHOLE.ping || first === WHOLE.pong || first === WHOLE.close;
  return isControl && isMasked && bytes === CONTROL_HEAD_BYTES;
}

function lengthAt(input: Buffer, at: number, bytes: 2 | 8): number {
  return bytes === 2 ? input.readUInt16BE(at) : input.readUInt32BE(at) * 2 ** 32 + input.readUInt32BE(at + 4);
}
