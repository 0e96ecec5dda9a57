import { WHOLE } from './frame-head.js';

/** Stands for a close frame without a code (RFC 6455 §7.1.5). */
export const NO_CODE = 1005;
/** Codes up to the last that is registered, of which some may not be sent (RFC 6455 §7.4). */
const LAST_REGISTERED = 1014;
const NEVER_SENT: ReadonlySet<number> = new Set([1004, NO_CODE, 1006]);

/** Whether a close frame may have this code. */
export function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= LAST_REGISTERED && !NEVER_SENT.has(code);
}

/** Makes the close frame of a server. @param reason at most 123 bytes of UTF-8 */
export function closeFrame(code: number, reason: Buffer): Buffer {
  if (code === NO_CODE) return Buffer.of(WHOLE.close, 0);
  const frame = Buffer.allocUnsafe(4 + reason.length);
  frame[0] = WHOLE.close;
  frame[1] = 2 + reason.length;
  frame.writeUInt16BE(code, 2);
  reason.copy(frame, 4);
  return frame;
}
