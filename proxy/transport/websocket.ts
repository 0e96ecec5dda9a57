import type { Socket as RawSocket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import type { Socket, SocketListener } from '../session/ports.js';
import { type EndingLabel, endings } from '../wire/close.js';
import { enlist } from './batch.js';
import { labelOf } from './faults.js';

/** Options of one `send` of ws; made once, since one is needed for every message. */
const TEXT = { binary: false, compress: false, fin: true } as const;
const BINARY = { binary: true, compress: false, fin: true } as const;

/**
 * Memory of one message that waits, beside its bytes: buffers and their places in the stream’s queue. Without it 1 MiB of
 * empty messages, two bytes each, would cost 110 MiB.
 */
const MESSAGE_COST = 200;

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
  readonly #lowMark: number;
  #listener: SocketListener | undefined;
  #corked = false;
  /** Messages sent since a write ended or nothing waited; of those that wait it misses at most as many again. */
  #queued = 0;
  /** True once this side closed. */
  #closing = false;

  constructor(ws: WebSocket, raw: RawSocket, lowMark: number) {
    this.#ws = ws;
    this.#raw = raw;
    this.#lowMark = lowMark;
    ws.binaryType = 'nodebuffer';
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
    const { bufferedAmount } = this.#ws;
    return bufferedAmount === 0 ? 0 : bufferedAmount + this.#queued * MESSAGE_COST;
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

  send(data: Buffer, binary: boolean): void {
    // The other end is closing and reads no more; ws would count the message as buffered for ever.
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    this.#cork();
    const { bufferedAmount } = this.#ws;
    this.#queued = bufferedAmount === 0 ? 1 : this.#queued + 1;
    // The message itself counts: one that alone leads over the high mark must report its end, or nobody is ever released.
    const backlog = bufferedAmount + data.length + this.#queued * MESSAGE_COST;
    const told = backlog > this.#lowMark ? this.#written : undefined;
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

  readonly #written = (): void => {
    this.#queued = 0;
    this.#listener?.progress(this.backlog);
  };

  #closed(label: EndingLabel, code: number, reason: string): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed(label, code, reason);
  }
}
