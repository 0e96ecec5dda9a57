import type { Socket as RawSocket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import type { Socket, SocketListener } from '../session/ports.js';
import type { EndingLabel } from '../wire/close.js';
import { enlist } from './batch.js';

/** Options of one `send` of ws; made once, since one is needed for every message. */
const TEXT = { binary: false, compress: false, fin: true } as const;
const BINARY = { binary: true, compress: false, fin: true } as const;

/**
 * A websocket of the library `ws` as the core’s Socket.
 *
 * @param ws the open websocket
 * @param raw the connection below it: corked once a turn, so that many messages leave in one write
 * @param lowMark bytes of backlog above which the end of a write is reported
 */
export function wrap(ws: WebSocket, raw: RawSocket, lowMark: number): Socket {
  return new Wrapped(ws, raw, lowMark);
}

class Wrapped implements Socket {
  readonly #ws: WebSocket;
  readonly #raw: RawSocket;
  readonly #lowMark: number;
  #listener: SocketListener | undefined;
  #corked = false;
  #fault: EndingLabel | undefined;

  constructor(ws: WebSocket, raw: RawSocket, lowMark: number) {
    this.#ws = ws;
    this.#raw = raw;
    this.#lowMark = lowMark;
    ws.binaryType = 'nodebuffer';
    ws.on('message', (data: RawData, binary: boolean) => this.#listener?.message(data as Buffer, binary));
    ws.on('pong', () => this.#listener?.pong());
    ws.on('ping', () => this.#listener?.ping?.());
    ws.on('error', (error: Error & { code?: string }) => {
      this.#fault ??= labelOf(error);
    });
    ws.on('close', (code: number, reason: Buffer) => this.#closed(code, reason.toString('utf8')));
  }

  get backlog(): number {
    return this.#ws.bufferedAmount;
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
  }

  send(data: Buffer, binary: boolean): void {
    this.#cork();
    const told = this.#ws.bufferedAmount > this.#lowMark ? this.#written : undefined;
    this.#ws.send(data, binary ? BINARY : TEXT, told);
  }

  ping(): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.ping();
  }

  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  close(code: number, reason: string): void {
    // A paused connection would never read the other side’s answer.
    this.#ws.resume();
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#ws.terminate();
  }

  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#raw.cork();
    enlist(this.#flush);
  }

  readonly #flush = (): void => {
    this.#corked = false;
    this.#raw.uncork();
  };

  readonly #written = (): void => this.#listener?.progress(this.backlog);

  #closed(code: number, reason: string): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed(this.#fault ?? (code === 1006 ? 'connection_lost' : 'closed_by_peer'), code, reason);
  }
}

/** What a fault of the library means to the peer; the library itself has sent the close frame. */
function labelOf(error: { code?: string }): EndingLabel {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'message_too_big';
  return error.code?.startsWith('WS_ERR_') === true ? 'protocol_error' : 'connection_lost';
}
