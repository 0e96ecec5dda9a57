import { randomBytes } from 'node:crypto';

/** Opcodes of RFC 6455 §5.2. */
export const TEXT = 0x1;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

const FIN = 0x80;
const MASKED = 0x80;
/** Digits of a message id; the smallest number with as many is the first id. */
const ID_DIGITS = 10;
export const FIRST_ID = 10 ** (ID_DIGITS - 1);
const ZERO = 0x30;

/** One client's frame, masked (RFC 6455 §5.3). */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const head = headOf(opcode, payload.length);
  const frame = Buffer.concat([head, mask, payload]);
  const from = head.length + mask.length;
  for (let at = 0; at < payload.length; at += 1) frame[from + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return frame;
}

/**
 * A message that is encoded, and masked, once and sent many times: only the digits of its ids are written each time, so that
 * the generator costs less than what it measures.
 */
export class FrameTemplate {
  /** The frame as it leaves; a sender in pieces may send everything after `idsEnd` as it is. */
  readonly frame: Buffer;
  /** First byte after the last id. */
  readonly idsEnd: number;
  readonly #slots: readonly number[];
  readonly #masks: readonly number[];

  /**
   * @param plain the frame as it would be without a mask, with FIRST_ID in place of each id
   * @param sent the same under its mask, where the protocol has one
   */
  constructor(plain: Buffer, sent: Buffer = plain) {
    this.frame = sent;
    const slots: number[] = [];
    for (let at = plain.indexOf(`${FIRST_ID}`); at >= 0; at = plain.indexOf(`${FIRST_ID}`, at + 1)) slots.push(at);
    this.#slots = slots;
    this.#masks = slots.flatMap((slot) =>
      Array.from({ length: ID_DIGITS }, (_, digit) => (plain[slot + digit] ?? 0) ^ (sent[slot + digit] ?? 0)),
    );
    this.idsEnd = (slots.at(-1) ?? 0) + ID_DIGITS;
  }

  /** A client's text frame. */
  static text(text: string): FrameTemplate {
    const payload = Buffer.from(text);
    const sent = clientFrame(TEXT, payload);
    return new FrameTemplate(Buffer.concat([Buffer.alloc(sent.length - payload.length), payload]), sent);
  }

  /** Copies the frame up to `end` into `target` at `at`, with `id` in every slot. */
  write(target: Buffer, at: number, id: number, end: number): void {
    this.frame.copy(target, at, 0, end);
    for (let slot = 0; slot < this.#slots.length; slot += 1) {
      let rest = id;
      const base = at + (this.#slots[slot] ?? 0);
      for (let digit = ID_DIGITS - 1; digit >= 0; digit -= 1) {
        const next = Math.floor(rest / 10);
        target[base + digit] = (ZERO + rest - next * 10) ^ (this.#masks[slot * ID_DIGITS + digit] ?? 0);
        rest = next;
      }
    }
  }
}

/** The id whose digits stand at `at`. */
export function readId(buffer: Buffer, at: number): number {
  let id = 0;
  for (let digit = 0; digit < ID_DIGITS; digit += 1) id = id * 10 + (buffer[at + digit] ?? ZERO) - ZERO;
  return id;
}

function headOf(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([FIN | opcode, MASKED | length]);
  if (length < 65_536) return Buffer.from([FIN | opcode, MASKED | 126, length >> 8, length & 0xff]);
  const head = Buffer.alloc(10);
  head[0] = FIN | opcode;
  head[1] = MASKED | 127;
  head.writeUIntBE(length, 4, 6);
  return head;
}
