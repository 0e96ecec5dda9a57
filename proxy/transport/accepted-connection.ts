import type { Socket as RawSocket } from 'node:net';
import { WebSocket } from 'ws';
import type { Socket, SocketListener } from '../ports/socket.js';
import { BareSocket, type Carrier } from './bare-socket.js';
import { ClosingSocket, isValidClose } from './closing-socket.js';
import { Connection } from './connection.js';
import { FastLane, type LaneReader } from './fast-lane.js';
import { FrameWriter } from './frame-writer.js';
import { faultText } from './frames/faults.js';
import { LibrarySocket } from './library-socket.js';
import { tersely } from './lost-writes.js';

/** The parts that all accepted connections of a server share. */
export interface ConnectionParts {
  /** Largest message, bytes. */
  readonly maxMessageBytes: number;
  /** Largest message until the socket allows full size, bytes. */
  readonly maxGreetingBytes: number;
  /** Time for the answer to a close frame, milliseconds. */
  readonly closeTimeout: number;
  /** Called before each piece of input is handled; it may pause the connection. */
  readonly beforeReading: () => void;
  /** Options of the library's server, for each websocket of it that is made. */
  readonly options: object;
}

/** The key under which a connection keeps its core socket: all connections share the same listeners. */
const owner = Symbol('owner');
type OwnedSocket = RawSocket & { [owner]?: AcceptedConnection };

/**
 * An upgraded connection as the core's Socket. Whole messages, pings, pongs and a close are all that most connections ever see, and
 * they need nothing of the library. Its websocket would be a third of an idle connection's memory, so it is made only for the first
 * other byte.
 */
export class AcceptedConnection extends Connection<FrameWriter> implements Socket, LaneReader, Carrier {
  readonly #parts: ConnectionParts;
  readonly #lane: FastLane;
  /** Speaks for the connection: a bare socket at first; then the library once it was needed, or else the close. */
  #speaker: BareSocket | LibrarySocket | ClosingSocket = new BareSocket(this);
  /** Gives the library a piece of input; set once the library was needed. */
  #feed: ((piece: Buffer) => void) | undefined;
  #isPaused = false;

  /** @param raw the connection, to which nobody else listens */
  constructor(raw: OwnedSocket, parts: ConnectionParts) {
    super(raw, (sender) => new FrameWriter(raw, sender));
    this.#parts = parts;
    this.#lane = new FastLane(parts.maxGreetingBytes, this);
    raw[owner] = this;
    raw.on('close', onLost);
    raw.on('data', onInput);
    raw.on('end', onEnd);
    raw.on('error', onError);
  }

  get gathered(): number {
    return this.#lane.gathered + this.#speaker.gathered;
  }

  listen(listener: SocketListener): void {
    this.#speaker.listen(listener);
  }

  allowFullSize(): void {
    this.#lane.limit(this.#parts.maxMessageBytes);
    this.#speaker.limit(this.#parts.maxMessageBytes);
  }

  send(data: Buffer, binary: boolean): void {
    this.#speaker.send(data, binary);
  }

  ping(): void {
    this.#speaker.ping();
  }

  pause(): void {
    this.#isPaused = true;
    this.#speaker.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#speaker.resume();
  }

  close(code: number, reason: string): void {
    // Reading goes on, because the other side's answer is still to come.
    this.#isPaused = false;
    this.#speaker.close(code, reason);
  }

  beginClose(code: number, reason: string): void {
    const before = this.#speaker;
    if (before instanceof BareSocket) this.#toClose(before).begin(code, reason);
  }

  terminate(): void {
    this.#speaker.terminate();
  }

  /** A write has ended. */
  written(): void {
    this.#speaker.written();
  }

  message(data: Buffer, binary: boolean): void {
    this.#speaker.message(data, binary);
  }

  ponged(): void {
    this.#speaker.ponged();
  }

  pinged(data: Buffer): boolean {
    return this.#speaker.answer(data);
  }

  concluded(data: Buffer): boolean {
    const before = this.#speaker;
    if (before instanceof LibrarySocket || !isValidClose(data)) return false;
    if (before instanceof ClosingSocket) before.concluded(data);
    else if (before.isLive) this.#toClose(before).answerClose(data);
    return true;
  }

  library(piece: Buffer): void {
    const closing = this.#speaker;
    if (closing instanceof ClosingSocket) {
      // What comes behind our close frame is read only to find the answer, which the lane knows once it has followed the piece.
      process.nextTick(() => (this.#lane.isOver ? closing.end() : undefined));
      return;
    }
    this.#byLibrary();
    this.#feed?.(piece);
  }

  rest(): void {
    this.raw.pause();
  }

  goOn(): void {
    if (!this.#isPaused) this.resume();
  }

  input(piece: Buffer): void {
    this.#parts.beforeReading();
    this.#lane.read(piece);
  }

  end(): void {
    this.writer.seal();
    this.#speaker.end();
  }

  /** The connection is gone. Input that a pause held back is still taken. */
  lost(): void {
    const { readableLength, readableEnded } = this.raw;
    const isRead = readableEnded || readableLength === 0;
    if (this.#speaker instanceof LibrarySocket) this.#lane.closed(isRead);
    else if (isRead || this.#speaker instanceof ClosingSocket) this.#speaker.lost();
    else this.#takeRest();
  }

  #takeRest(): void {
    const library = this.#byLibrary();
    library.lost();
    this.#lane.closed(false);
    // The library's websocket was made after the close event and has not seen it.
    library.closeNow();
  }

  #toClose({ listener }: BareSocket): ClosingSocket {
    this.#isPaused = false;
    const closing = new ClosingSocket(this, listener, this.#parts.closeTimeout);
    this.#speaker = closing;
    return closing;
  }

  #byLibrary(): LibrarySocket {
    const before = this.#speaker;
    if (before instanceof LibrarySocket) return before;
    const ws = new ServerWebSocket(this.raw, this.writer, { ...this.#parts.options, maxPayload: this.#lane.maxBytes });
    const library = new LibrarySocket(ws, this.raw, () => this.writer);
    this.#feed = library.takeInput();
    this.#speaker = library;
    if (before.listener !== undefined) library.listen(before.listener);
    if (this.#isPaused) library.pause();
    library.onFault(() => this.#lane.stop());
    return library;
  }
}

/** The method that ws calls on a websocket once the 101 is out; its types lack it. */
interface SocketSetter {
  setSocket(raw: RawSocket, head: Buffer, options: object): void;
}

const NOTHING = Buffer.alloc(0);

/** A websocket of ws that closes with the texts of the table of endings: ws closes a broken connection with a bare code. */
class ServerWebSocket extends WebSocket {
  readonly writer: FrameWriter;

  /** From now on it listens to the connection. @param options options of the library's server */
  constructor(raw: RawSocket, writer: FrameWriter, options: object) {
    // ws makes its own server sockets with these arguments; its types know only clients.
    super(null as unknown as string, undefined, options);
    this.writer = writer;
    (this as unknown as SocketSetter).setSocket(raw, NOTHING, options);
  }

  /** The library writes the close frame, so earlier messages must be handed over first. */
  override close(code?: number, reason?: string | Buffer): void {
    this.writer.seal();
    tersely(() => super.close(code, reason ?? (code === undefined ? undefined : faultText(code))));
  }
}

function onInput(this: OwnedSocket, piece: Buffer): void {
  this[owner]?.input(piece);
}

function onEnd(this: OwnedSocket): void {
  this[owner]?.end();
}

/** An error needs no handling: the stream destroys itself, and its close event follows. */
function onError(): void {}

function onLost(this: OwnedSocket): void {
  this[owner]?.lost();
}
