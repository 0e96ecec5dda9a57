import type { Socket as RawSocket } from 'node:net';
import type { SocketListener } from '../ports/socket.js';
import { endings } from '../wire/close.js';
import type { Outbox } from './outbox.js';
import { inTurn } from './turn.js';

/** A ping without payload, as a server sends it (RFC 6455 §5.5.2). */
const PING = Buffer.from([0x89, 0]);
const PONG = 0x8a;
/** Pings of one connection that are answered here in one turn of the event loop. */
const MAX_PONGS = 8;

/** The connection that a bare socket speaks for. */
export interface Bearer {
  readonly raw: RawSocket;
  readonly outward: Outbox;
  readonly backlog: number;
  /** Closes by a websocket of the library, which is made for it. */
  closeByLibrary(code: number, reason: string): void;
}

/**
 * Speaks for a connection while the library is not needed: writes whole messages, pings and pongs, and tells the listener of
 * those that the fast lane has read.
 */
export class BareSocket {
  readonly #bearer: Bearer;
  listener: SocketListener | undefined;
  /** True once the other end has said that nothing more will come, or the connection is lost. */
  #isEnded = false;
  /** Pings that were answered in the turn of the event loop of that number. */
  #pongs = 0;
  #pongTurn = 0;

  constructor(bearer: Bearer) {
    this.#bearer = bearer;
  }

  /** Nothing gathers here: all parts of messages are in the fast lane. */
  get gathered(): number {
    return 0;
  }

  listen(listener: SocketListener): void {
    this.listener = listener;
  }

  /** The fast lane alone bounds what is read. */
  limit(): void {}

  send(data: Buffer, binary: boolean): void {
    if (this.#isLive) this.#bearer.outward.add(data, binary);
  }

  ping(): void {
    if (this.#isLive) this.#bearer.raw.write(PING);
  }

  pause(): void {
    this.#bearer.raw.pause();
  }

  resume(): void {
    this.#bearer.raw.resume();
  }

  close(code: number, reason: string): void {
    if (code === endings.connection_lost.code || !this.#isLive) this.terminate();
    else this.#bearer.closeByLibrary(code, reason);
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

  /** Answers a few in a turn, and none while anything waits: the library counts what is more, and cuts whoever floods. */
  answer(data: Buffer): boolean {
    if (!this.#isLive || this.#bearer.backlog > 0 || !this.#mayAnswer()) return false;
    this.#bearer.raw.write(Buffer.concat([Buffer.of(PONG, data.length), data]));
    this.listener?.ping?.();
    return true;
  }

  /** The other end will send no more, and said nothing of it: neither do we. */
  end(): void {
    this.#isEnded = true;
    this.#bearer.raw.end();
  }

  /** There is no connection any more, and nothing left to read of it. */
  lost(): void {
    this.#isEnded = true;
    this.listener?.closed('connection_lost', endings.connection_lost.code, '');
  }

  get #isLive(): boolean {
    return !this.#isEnded && !this.#bearer.raw.destroyed;
  }

  #mayAnswer(): boolean {
    const turn = inTurn();
    this.#pongs = turn === this.#pongTurn ? this.#pongs + 1 : 1;
    this.#pongTurn = turn;
    return this.#pongs <= MAX_PONGS;
  }
}
