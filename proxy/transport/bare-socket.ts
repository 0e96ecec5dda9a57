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

/** The connection that a bare socket speaks for. */
export interface Bearer {
  readonly raw: RawSocket;
  readonly writer: FrameWriter;
  readonly backlog: number;
  /** Begins the close from this end. */
  beginClose(code: number, reason: string): void;
}

/**
 * Speaks for a connection while the library is not needed: it writes whole messages, pings and pongs, and passes the messages and pongs
 * that the fast lane has read to the listener.
 */
export class BareSocket {
  readonly #bearer: Bearer;
  listener: SocketListener | undefined;
  /** True once the other end has said that nothing more will come, or the connection is lost. */
  #isEnded = false;
  /** Number of pings answered in the turn `#pongTurn` of the event loop. */
  #pongs = 0;
  #pongTurn = 0;

  constructor(bearer: Bearer) {
    this.#bearer = bearer;
  }

  /** Nothing gathers here: the fast lane has all parts of messages. */
  get gathered(): number {
    return 0;
  }

  listen(listener: SocketListener): void {
    this.listener = listener;
  }

  /** The fast lane alone bounds the size of a message. */
  limit(): void {}

  send(data: Buffer, binary: boolean): void {
    if (this.isLive) this.#bearer.writer.add(data, binary);
  }

  ping(): void {
    if (this.isLive) this.#bearer.raw.write(PING);
  }

  pause(): void {
    this.#bearer.raw.pause();
  }

  resume(): void {
    this.#bearer.raw.resume();
  }

  close(code: number, reason: string): void {
    if (code === endings.connection_lost.code || !this.isLive) this.terminate();
    else this.#bearer.beginClose(code, reason);
  }

  terminate(): void {
    this.#bearer.raw.destroy();
  }

  written(): void {
    this.listener?.progress(this.#bearer.backlog);
  }

  message(data: Buffer, binary: boolean): void {
    this.listener?.message(data, binary);
  }

  ponged(): void {
    this.listener?.pong();
  }

  /** Answers a few pings in a turn, and none while anything waits: the library counts the rest, and cuts off a peer that floods. */
  answer(data: Buffer): boolean {
    if (!this.isLive || this.#bearer.backlog > 0 || !this.#mayAnswer()) return false;
    this.#bearer.raw.write(Buffer.concat([Buffer.of(PONG, data.length), data]));
    this.listener?.ping?.();
    return true;
  }

  /** The other end will send no more and sent no close frame, so this side sends none either. */
  end(): void {
    this.#isEnded = true;
    this.#bearer.raw.end();
  }

  /** The connection is gone, and all its input was read. Its owner hears of it at leisure: many may go in one moment. */
  lost(): void {
    this.#isEnded = true;
    atLeisure(() => this.listener?.closed('connection_lost', endings.connection_lost.code, ''));
  }

  /** Whether anything can still be said to the other end. */
  get isLive(): boolean {
    return !this.#isEnded && !this.#bearer.raw.destroyed;
  }

  #mayAnswer(): boolean {
    const turn = inTurn();
    this.#pongs = turn === this.#pongTurn ? this.#pongs + 1 : 1;
    this.#pongTurn = turn;
    return this.#pongs <= MAX_PONGS;
  }
}
