import type { Socket as RawSocket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import { atLeisure } from '../ports/leisure.js';
import type { Socket, SocketListener } from '../ports/socket.js';
import { type EndingLabel, endings } from '../wire/close.js';
import { Connection, type MessageWriter, type Sender } from './connection.js';
import { labelOf } from './frames/faults.js';
import { gatheredBy, limitMessages } from './library-receiver.js';

/** The key under which a websocket of the library and its connection keep their LibrarySocket: all websockets share the same listeners. */
const owner = Symbol('owner');
type OwnedEmitter<Emitter> = Emitter & { [owner]?: LibrarySocket };

/** A listener that the library set for the input, or the end, of its connection. */
type Listener = (this: RawSocket, piece?: Buffer) => void;

/** A websocket of the library `ws` as the core's Socket. */
export class LibrarySocket extends Connection<MessageWriter> implements Socket {
  readonly #ws: WebSocket;
  #listener: SocketListener | undefined;
  /** True once this side closed, or the connection is gone; messages and pings that the library had read may still come. */
  #closing = false;

  /**
   * @param ws the open websocket
   * @param raw the connection below it
   * @param makeWriter makes the message writer
   */
  constructor(
    ws: OwnedEmitter<WebSocket>,
    raw: OwnedEmitter<RawSocket>,
    makeWriter: (sender: Sender) => MessageWriter,
  ) {
    super(raw, makeWriter);
    this.#ws = ws;
    ws[owner] = this;
    raw[owner] = this;
    ws.binaryType = 'nodebuffer';
    raw.prependListener('close', onLost);
    ws.on('message', onMessage);
    ws.on('pong', onPong);
    ws.on('ping', onPing);
    ws.on('error', onError);
    ws.on('close', onClose);
  }

  get gathered(): number {
    return gatheredBy(this.#ws);
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
  }

  allowFullSize(): void {}

  /** Takes the input from the library. From then on the library reads only the input that is given to the returned function. */
  takeInput(): (piece: Buffer) => void {
    const { raw } = this;
    const input = raw.listeners('data').at(-1) as Listener;
    raw.off('data', input);
    return (piece) => input.call(raw, piece);
  }

  /** Has the library handle a close of the connection that happened before its websocket was made. */
  closeNow(): void {
    const close = this.raw.listeners('close').at(-1) as Listener;
    close.call(this.raw);
  }

  /** Calls back when the library finds a fault in its input. */
  onFault(callback: () => void): void {
    this.#ws.on('error', callback);
  }

  /** Sets the largest message, bytes. */
  limit(maxMessageBytes: number): void {
    limitMessages(this.#ws, maxMessageBytes);
  }

  written(): void {
    this.#listener?.progress(this.backlog);
  }

  message(data: Buffer, binary: boolean): void {
    this.#listener?.message(data, binary);
  }

  ponged(): void {
    this.#listener?.pong();
  }

  /** The library answers pings itself. */
  answer(): boolean {
    return false;
  }

  pinged(): void {
    this.#listener?.ping?.();
    // ws cuts off a flood of pings, and then reports the ping that was too many.
    if (!this.#closing && this.#ws.readyState !== WebSocket.OPEN) this.closed('ping_flood', 1006, '');
  }

  /** The library ends the connection itself when the other end does. */
  end(): void {}

  /** The connection is gone; the library takes the input that was read before. */
  lost(): void {
    this.#closing = true;
  }

  /** ws has sent the close frame, and waits for the answer; nothing that matters can come any more. */
  failed(error: { readonly code?: string }): void {
    this.closed(labelOf(error), 1006, '');
  }

  /** The websocket is over; only the first call counts. Its owner hears of it at leisure: many may end in one moment. */
  closed(label: EndingLabel, code: number, reason: string): void {
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener !== undefined) atLeisure(() => listener.closed(label, code, reason));
  }

  send(data: Buffer, binary: boolean): void {
    // The other end is closing and reads no more; ws would count the message as buffered for ever.
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    this.writer.add(data, binary);
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
    // A paused connection would never read the other side's answer.
    this.#ws.resume();
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#closing = true;
    this.#ws.terminate();
  }
}

function onMessage(this: OwnedEmitter<WebSocket>, data: RawData, binary: boolean): void {
  this[owner]?.message(data as Buffer, binary);
}

function onPong(this: OwnedEmitter<WebSocket>): void {
  this[owner]?.ponged();
}

function onPing(this: OwnedEmitter<WebSocket>): void {
  this[owner]?.pinged();
}

function onLost(this: OwnedEmitter<RawSocket>): void {
  this[owner]?.lost();
}

function onError(this: OwnedEmitter<WebSocket>, error: Error & { code?: string }): void {
  this[owner]?.failed(error);
}

function onClose(this: OwnedEmitter<WebSocket>, code: number, reason: Buffer): void {
  this[owner]?.closed(code === 1006 ? 'connection_lost' : 'closed_by_peer', code, reason.toString('utf8'));
}
