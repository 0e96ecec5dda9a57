import type { Socket as RawSocket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Socket, SocketListener } from '../session/ports.js';
import { endings } from '../wire/close.js';
import { Connection } from './connection.js';
import { FastLane, type LaneReader } from './fast-lane.js';
import { Outbox } from './outbox.js';
import { inTurn } from './turn.js';
import { type Wrapped, wrap } from './websocket.js';

/** What all accepted connections of a server share. */
export interface AcceptedParts {
  /** Largest message, bytes. */
  readonly maxMessageBytes: number;
  /** The same until the socket is opened. */
  readonly maxGreetingBytes: number;
  /** Makes the library’s websocket of a connection; it listens to that from then on. */
  readonly library: (raw: RawSocket, outbox: Outbox) => WebSocket;
}

/** A ping without payload, as a server sends it (RFC 6455 §5.5.2). */
const PING = Buffer.from([0x89, 0]);
const PONG = 0x8a;
/** Pings of one connection that are answered here in one turn of the event loop. */
const MAX_PONGS = 8;

/** Where a connection keeps its Accepted: its listeners are functions that all share. */
const owner = Symbol('owner');
type Owned = RawSocket & { [owner]?: Accepted };
type Listener = (this: RawSocket, piece?: Buffer) => void;

/** The library’s websocket of a connection. */
interface Woken {
  readonly socket: Wrapped;
  /** What it would do with the connection’s input. */
  readonly input: Listener;
}

/**
 * A connection that was upgraded, as the core’s Socket. Whole messages, pings and pongs, which are all that most connections
 * ever see, need nothing of the library: its websocket is made for the first byte that does, or for the close. It would be a
 * third of an idle connection’s memory.
 */
export class Accepted extends Connection<Outbox> implements Socket, LaneReader {
  readonly #parts: AcceptedParts;
  readonly #lane: FastLane;
  #woken: Woken | undefined;
  #listener: SocketListener | undefined;
  #isOpened = false;
  #isPaused = false;
  /** Pings that were answered in that turn of the event loop. */
  #pongs = 0;
  #pongTurn = 0;
  /** True once the other end has said that nothing more will come, or the connection is lost. */
  #isEnded = false;

  /** @param raw the connection, to which nobody else listens */
  constructor(raw: Owned, parts: AcceptedParts) {
    super(raw, (sender) => new Outbox(raw, sender));
    this.#parts = parts;
    this.#lane = new FastLane(parts.maxGreetingBytes, this);
    raw[owner] = this;
    raw.on('close', onLost);
    raw.on('data', onInput);
    raw.on('end', onEnd);
    raw.on('error', onError);
  }

  get gathered(): number {
    return this.#lane.gathered + (this.#woken?.socket.gathered ?? 0);
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    this.#woken?.socket.listen(listener);
  }

  open(): void {
    this.#isOpened = true;
    this.#lane.limit(this.#parts.maxMessageBytes);
    this.#woken?.socket.limit(this.#parts.maxMessageBytes);
  }

  send(data: Buffer, binary: boolean): void {
    if (this.#woken !== undefined) this.#woken.socket.send(data, binary);
    else if (this.#isLive) this.outward.add(data, binary);
  }

  ping(): void {
    if (this.#woken !== undefined) this.#woken.socket.ping();
    else if (this.#isLive) this.raw.write(PING);
  }

  pause(): void {
    this.#isPaused = true;
    if (this.#woken === undefined) this.raw.pause();
    else this.#woken.socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#woken === undefined) this.raw.resume();
    else this.#woken.socket.resume();
  }

  close(code: number, reason: string): void {
    if (code === endings.connection_lost.code || (this.#woken === undefined && !this.#isLive)) {
      this.terminate();
      return;
    }
    // The other side’s answer is still to be read.
    this.#isPaused = false;
    this.#wake().socket.close(code, reason);
  }

  terminate(): void {
    if (this.#woken === undefined) this.raw.destroy();
    else this.#woken.socket.terminate();
  }

  /** A write has ended. */
  written(): void {
    if (this.#woken === undefined) this.#listener?.progress(this.backlog);
    else this.#woken.socket.written();
  }

  message(data: Buffer, binary: boolean): void {
    if (this.#woken === undefined) this.#listener?.message(data, binary);
    else this.#woken.socket.message(data, binary);
  }

  ponged(): void {
    if (this.#woken === undefined) this.#listener?.pong();
    else this.#woken.socket.ponged();
  }

  /** Answers a few in a turn, and none while anything waits: the library counts what is more, and cuts whoever floods. */
  pinged(data: Buffer): boolean {
    if (this.#woken !== undefined || !this.#isLive || this.backlog > 0 || !this.#mayAnswer()) return false;
    this.raw.write(Buffer.concat([Buffer.of(PONG, data.length), data]));
    this.#listener?.ping?.();
    return true;
  }

  library(piece: Buffer): void {
    this.#wake().input.call(this.raw, piece);
  }

  rest(): void {
    this.raw.pause();
  }

  goOn(): void {
    if (!this.#isPaused) this.resume();
  }

  input(piece: Buffer): void {
    this.#lane.read(piece);
  }

  /** The other end will send no more, and said nothing of it: neither do we. */
  end(): void {
    this.#isEnded = true;
    this.outward.seal();
    // Where it was made, the library does that.
    if (this.#woken === undefined) this.raw.end();
  }

  /** There is no connection any more. What had been read of it, and was paused, is still taken. */
  lost(): void {
    const { readableLength, readableEnded } = this.raw;
    this.#isEnded = true;
    if (this.#woken !== undefined) this.#lane.closed(readableEnded || readableLength === 0);
    else if (readableLength > 0 && !readableEnded) this.#takeRest();
    else this.#listener?.closed('connection_lost', endings.connection_lost.code, '');
  }

  get #isLive(): boolean {
    return !this.#isEnded && !this.raw.destroyed;
  }

  #mayAnswer(): boolean {
    const turn = inTurn();
    this.#pongs = turn === this.#pongTurn ? this.#pongs + 1 : 1;
    this.#pongTurn = turn;
    return this.#pongs <= MAX_PONGS;
  }

  #takeRest(): void {
    // Made within the event, it is not told of it.
    this.#wake().socket.lost();
    const libraryLost = this.raw.listeners('close').at(-1) as Listener;
    this.#lane.closed(false);
    libraryLost.call(this.raw);
  }

  #wake(): Woken {
    if (this.#woken !== undefined) return this.#woken;
    const { library, maxMessageBytes, maxGreetingBytes } = this.#parts;
    const ws = library(this.raw, this.outward);
    const socket = wrap(ws, this.raw, () => this.outward);
    const input = this.raw.listeners('data').at(-1) as Listener;
    this.raw.off('data', input);
    this.#woken = { socket, input };
    socket.limit(this.#isOpened ? maxMessageBytes : maxGreetingBytes);
    if (this.#listener !== undefined) socket.listen(this.#listener);
    if (this.#isPaused) socket.pause();
    // Behind the one that tells of the fault.
    ws.on('error', () => this.#lane.stop());
    return this.#woken;
  }
}

function onInput(this: Owned, piece: Buffer): void {
  this[owner]?.input(piece);
}

function onEnd(this: Owned): void {
  this[owner]?.end();
}

/** The stream destroys itself, and tells so by its close. */
function onError(): void {}

function onLost(this: Owned): void {
  this[owner]?.lost();
}
