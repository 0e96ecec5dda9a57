import type { Socket as RawSocket } from 'node:net';
import { atLeisure } from '../ports/leisure.js';
import type { SocketListener } from '../ports/socket.js';
import { endings } from '../wire/close.js';
import type { FrameWriter } from './frame-writer.js';
import { inTurn } from './turn.js';

/** A ping without payload, as a server sends it (RFC 6455 §5.5.2). */
const PING = Buffer.from([0x89, 0]);
const PONG = 0x8a;
/** Pings of one connection that the bare socket answers in one turn of the event loop. */
const MAX_PONGS = 8;

/** The connection that a speaker speaks for. */
export interface Carrier {
  readonly raw: RawSocket;
  readonly writer: FrameWriter;
  readonly backlog: number;
  /** Begins the close from this end. */
  beginClose(code: number, reason: string): void;
}

/** Speaks for a connection without a websocket of the library: what the fast lane has read goes to the listener. */
export abstract class Speaker {
  protected readonly carrier: Carrier;
  listener: SocketListener | undefined;

  constructor(carrier: Carrier, listener?: SocketListener) {
    this.carrier = carrier;
    this.listener = listener;
  }

  /** Nothing gathers here: the fast lane has all parts of messages. */
  get gathered(): number {
    return 0;
  }

  /** The fast lane alone bounds the size of a message. */
  limit(): void {}

  resume(): void {
    this.carrier.raw.resume();
  }

  terminate(): void {
    this.carrier.raw.destroy();
  }

  written(): void {
    this.listener?.progress(this.carrier.backlog);
  }

  message(data: Buffer, binary: boolean): void {
    this.listener?.message(data, binary);
  }

  ponged(): void {
    this.listener?.pong();
  }
}

/**
 * Speaks for a connection while the library is not needed: it writes whole messages, pings and pongs, and passes the messages and pongs
 * that the fast lane has read to the listener.
 */
export class BareSocket extends Speaker {
  /** True once the other end has said that nothing more will come, or the connection is lost. */
  #isEnded = false;
  /** Number of pings answered in the turn `#pongTurn` of the event loop. */
  #pongs = 0;
  #pongTurn = 0;

  listen(listener: SocketListener): void {
    this.listener = listener;
  }

  send(data: Buffer, binary: boolean): void {
    if (this.isLive) this.carrier.writer.add(data, binary);
  }

  ping(): void {
    if (this.isLive) this.carrier.raw.write(PING);
  }

  pause(): void {
    this.carrier.raw.pause();
  }

  close(code: number, reason: string): void {
    if (code === endings.connection_lost.code || !this.isLive) this.terminate();
    else this.carrier.beginClose(code, reason);
  }

  /** Answers a few pings in a turn, and none while anything waits: the library counts the rest, and cuts off a peer that floods. */
  answer(data: Buffer): boolean {
    if (!this.isLive || this.carrier.backlog > 0 || !this.#mayAnswer()) return false;
    this.carrier.raw.write(Buffer.concat([Buffer.of(PONG, data.length), data]));
    this.listener?.ping?.();
    return true;
  }

  /** The other end will send no more and sent no close frame, so this side sends none either. */
  end(): void {
    this.#isEnded = true;
    this.carrier.raw.end();
  }

  /** The connection is gone, and all its input was read. Its owner hears of it at leisure: many may go in one moment. */
  lost(): void {
    this.#isEnded = true;
    atLeisure(() => this.listener?.closed('connection_lost', endings.connection_lost.code, ''));
  }

  /** Whether anything can still be said to the other end. */
  get isLive(): boolean {
    return !this.#isEnded && !this.carrier.raw.destroyed;
  }

  #mayAnswer(): boolean {
    const turn = inTurn();
    this.#pongs = turn === this.#pongTurn ? this.#pongs + 1 : 1;
    this.#pongTurn = turn;
    return this.#pongs <= MAX_PONGS;
  }
}
