import type { Socket as RawSocket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import type { Socket, SocketListener } from '../session/ports.js';
import { type EndingLabel, endings } from '../wire/close.js';
import { labelOf } from './faults.js';

/** Where messages go out. */
export interface Outward {
  /** Memory of what was added and the operating system has not taken, in bytes; 0 when nothing waits. */
  readonly backlog: number;
  /** Sends one message at the end of this turn of the event loop. */
  add(data: Buffer, binary: boolean): void;
}

/**
 * A websocket of the library `ws` as the core’s Socket.
 *
 * @param ws the open websocket
 * @param raw the connection below it
 * @param outward makes the way out; what it is given must be called when a write has ended
 * @param widen lifts the bound that messages have until the socket is opened
 */
export function wrap(
  ws: WebSocket,
  raw: RawSocket,
  outward: (written: () => void) => Outward,
  widen: () => void = () => {},
): Socket {
  return new Wrapped(ws, raw, outward, widen);
}

/**
 * What libuv knows of a stream; Node shows it on the handle alone. The public counts change only when a whole write has
 * ended, so that a slow line in the middle of 1 MiB would look like one that takes nothing.
 */
interface Handle {
  /** Bytes handed to libuv. */
  readonly bytesWritten: number;
  /** Those of them that the operating system has not taken. */
  readonly writeQueueSize: number;
}

class Wrapped implements Socket {
  readonly #ws: WebSocket;
  readonly #raw: RawSocket;
  readonly #outward: Outward;
  readonly #widen: () => void;
  #listener: SocketListener | undefined;
  /** True once this side closed, or there is no connection any more: what it had read may still come, pings too. */
  #closing = false;

  constructor(ws: WebSocket, raw: RawSocket, outward: (written: () => void) => Outward, widen: () => void) {
    this.#widen = widen;
    this.#ws = ws;
    this.#raw = raw;
    this.#outward = outward(() => this.#listener?.progress(this.backlog));
    ws.binaryType = 'nodebuffer';
    raw.prependOnceListener('close', () => {
      this.#closing = true;
    });
    ws.on('message', (data: RawData, binary: boolean) => this.#listener?.message(data as Buffer, binary));
    ws.on('pong', () => this.#listener?.pong());
    ws.on('ping', () => {
      this.#listener?.ping?.();
      // ws cuts a flood of pings, and then tells of the ping that was too many.
      if (!this.#closing && ws.readyState !== WebSocket.OPEN) this.#closed('ping_flood', 1006, '');
    });
    // ws has sent the close frame, and waits for the answer; nothing that matters can come any more.
    ws.on('error', (error: Error & { code?: string }) => this.#closed(labelOf(error), 1006, ''));
    ws.on('close', (code: number, reason: Buffer) =>
      this.#closed(code === 1006 ? 'connection_lost' : 'closed_by_peer', code, reason.toString('utf8')),
    );
  }

  get backlog(): number {
    return this.#outward.backlog;
  }

  get received(): number {
    return this.#raw.bytesRead;
  }

  get taken(): number {
    const handle = (this.#raw as { readonly _handle?: Partial<Handle> | null })._handle;
    if (handle?.bytesWritten === undefined || handle.writeQueueSize === undefined) {
      return this.#raw.bytesWritten - this.#raw.writableLength;
    }
    return handle.bytesWritten - handle.writeQueueSize;
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
  }

  open(): void {
    this.#widen();
  }

  send(data: Buffer, binary: boolean): void {
    // The other end is closing and reads no more; ws would count the message as buffered for ever.
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    this.#outward.add(data, binary);
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
    if (code === endings.connection_lost.code) {
      this.terminate();
      return;
    }
    this.#closing = true;
    // A paused connection would never read the other side’s answer.
    this.#ws.resume();
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#closing = true;
    this.#ws.terminate();
  }

  #closed(label: EndingLabel, code: number, reason: string): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed(label, code, reason);
  }
}
