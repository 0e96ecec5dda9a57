import { isUtf8 } from 'node:buffer';
import { atLeisure } from '../ports/leisure.js';
import type { SocketListener } from '../ports/socket.js';
import { endings } from '../wire/close.js';
import { type Carrier, Speaker } from './bare-socket.js';
import { closeFrame, isCloseCode, NO_CODE } from './frames/close-frame.js';
import { tersely } from './lost-writes.js';

const CODE_BYTES = 2;

/**
 * Speaks for a connection whose close has begun, by the other end or by this one: it says the close frame, reads on until that of the
 * other end has come, ends its half, and drops the connection when the other end does not do so in time (RFC 6455 §7.1). When a whole
 * fleet goes, a websocket of the library for each, made for its close alone, would take longer than all the rest.
 */
export class ClosingSocket extends Speaker {
  readonly #timer: NodeJS.Timeout;
  /** Code and reason of the other end; undefined until its close frame has come. */
  #told: { readonly code: number; readonly reason: string } | undefined;

  /** @param timeout time for the other end to close, milliseconds */
  constructor(carrier: Carrier, listener: SocketListener | undefined, timeout: number) {
    super(carrier, listener);
    const { raw } = carrier;
    this.#timer = setTimeout(() => raw.destroy(), timeout);
    // The answer, and then the end, are read whatever held reading back.
    raw.resume();
  }

  /** The listener is that of the socket before. */
  listen(): void {}

  /** Nothing follows a close frame. */
  send(): void {}

  ping(): void {}

  pause(): void {}

  /** The first close counts. */
  close(): void {}

  /** Says the close frame of this end, behind all messages. */
  begin(code: number, reason: string): void {
    const { raw, writer } = this.carrier;
    writer.seal();
    tersely(() => raw.write(closeFrame(code, Buffer.from(reason))));
  }

  /** Answers the close frame of the other end with its own code and reason. */
  answerClose(payload: Buffer): void {
    const { raw, writer } = this.carrier;
    writer.seal();
    tersely(() => raw.write(closeFrame(codeOf(payload), payload.subarray(CODE_BYTES))));
    this.concluded(payload);
  }

  /** The other end's close frame has come, and that of this end is out. */
  concluded(payload: Buffer): void {
    this.#told = { code: codeOf(payload), reason: payload.toString('utf8', CODE_BYTES) };
    this.end();
  }

  /** Pings stay without an answer. */
  answer(): boolean {
    this.listener?.ping?.();
    return true;
  }

  /** The other end sends no more. */
  end(): void {
    const { raw } = this.carrier;
    if (!raw.writableEnded) tersely(() => raw.end());
  }

  /** The connection is gone. Its owner hears of it at leisure: many may go in one moment. */
  lost(): void {
    clearTimeout(this.#timer);
    const { listener } = this;
    if (listener === undefined) return;
    const told = this.#told;
    if (told === undefined) atLeisure(() => listener.closed('connection_lost', endings.connection_lost.code, ''));
    else atLeisure(() => listener.closed('closed_by_peer', told.code, told.reason));
  }
}

/** Whether the payload of a close frame is valid (RFC 6455 §5.5.1, §7.4). */
export function isValidClose(payload: Buffer): boolean {
  if (payload.length === 0) return true;
  if (payload.length < CODE_BYTES) return false;
  return isCloseCode(codeOf(payload)) && isUtf8(payload.subarray(CODE_BYTES));
}

function codeOf(payload: Buffer): number {
  return payload.length === 0 ? NO_CODE : payload.readUInt16BE(0);
}
