import { CLOSE, FIN } from './frame-head.js';
import type { LongMessage } from './long-message.js';

/**
 * The states at the start of a frame.
 * - `between`: the next frame may begin a message.
 * - `fragments`: a message has begun whose last fragment has not come, so the library judges data frames.
 * - `over`: a close frame has come or the library found a fault; nothing that follows is a message.
 */
export type AtFrame = { readonly t: 'between' } | { readonly t: 'fragments' } | { readonly t: 'over' };

/**
 * The state of the lane between two pieces of input: at the start of a frame, or
 * - `within`: the start of a frame that may be a whole message has come, and is kept.
 * - `long`: a whole message has begun that is too long to be kept in that way, and gathers.
 * - `library`: the library reads a frame. `skip` bytes of its payload have not come; `head` has the part of the next frame's head that
 *   has come; `next` is the state behind the frame.
 */
export type LaneState =
  | AtFrame
  | { readonly t: 'within'; readonly kept: Buffer }
  | { readonly t: 'long'; readonly message: LongMessage; readonly binary: boolean }
  | { readonly t: 'library'; readonly skip: number; readonly head: Buffer; readonly next: AtFrame };

export const BETWEEN: AtFrame = { t: 'between' };
export const FRAGMENTS: AtFrame = { t: 'fragments' };
export const OVER: AtFrame = { t: 'over' };

/** The state behind a frame with this first byte. */
export function behind(first: number, before: AtFrame): AtFrame {
  const opcode = first & 0x0f;
  if (opcode === CLOSE) return OVER;
  if (opcode > CLOSE) return before;
  return (first & FIN) === 0 ? FRAGMENTS : BETWEEN;
}
