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
  const length = readLength(input, at);
  if (length === undefined) return undefined;
  const second = input[at + 1] ?? 0;
  const isMasked = (second & MASKED) !== 0;
  const bytes = 2 + lengthBytes(second) + (isMasked ? MASK_BYTES : 0);
  return input.length - at < bytes ? undefined : { bytes, length, isMasked };
}

/** Reads the length of the payload in the head at `at`; undefined when it has not come whole. The mask behind it may be still to come. */
export function readLength(input: Buffer, at: number): number | undefined {
  const there = input.length - at;
  if (there < 2) return undefined;
  const second = input[at + 1] ?? 0;
  const bytes = lengthBytes(second);
  if (bytes === 0) return second & 0x7f;
  return there < 2 + bytes ? undefined : lengthAt(input, at + 2, bytes);
}

/** Bytes of the length beyond the second byte of a head. */
function lengthBytes(second: number): 0 | 2 | 8 {
  const short = second & 0x7f;
  return short < 126 ? 0 : short === 126 ? 2 : 8;
}

/** Whether a frame is a whole ping, pong or close without a fault in its head; `first` is its first byte. */
export function isHarmless(first: number, { isMasked, bytes }: FrameHead): boolean {
  const isControl = first === WHOLE.ping || first === WHOLE.pong || first === WHOLE.close;
  return isControl && isMasked && bytes === CONTROL_HEAD_BYTES;
}

function lengthAt(input: Buffer, at: number, bytes: 2 | 8): number {
  return bytes === 2 ? input.readUInt16BE(at) : input.readUInt32BE(at) * 2 ** 32 + input.readUInt32BE(at + 4);
}
