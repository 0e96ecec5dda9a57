import { isUtf8 } from 'node:buffer';
import type { Socket as RawSocket } from 'node:net';
import type { WebSocket } from 'ws';
import { type FrameHead, readHead } from './frame-head.js';
import { unmask } from './unmask.js';

/** Longest payload that is read here, bytes: the work of longer ones is in their bytes, and the library does that as well. */
const MAX_PAYLOAD_BYTES = 4 * 1024;
const NOTHING = Buffer.alloc(0);

/** Opcodes with the FIN bit, reserved bits clear (RFC 6455 §5.2). */
const WHOLE_TEXT = 0x81;
const WHOLE_BINARY = 0x82;
const WHOLE_PING = 0x89;
const WHOLE_PONG = 0x8a;

type Library = (this: RawSocket, piece: Buffer) => void;

/**
 * Where it stands between two pieces of input.
 * - `between`: at the start of a frame.
 * - `within`: a frame has begun that may be one of ours; `kept` has what came of it.
 * - `library`: the library reads; `skip` bytes are left of the payload of a frame, `head` has what came of the next head.
 */
type State =
  | { readonly t: 'between' }
  | { readonly t: 'within'; readonly kept: Buffer }
  | { readonly t: 'library'; readonly skip: number; readonly head: Buffer };

const BETWEEN: State = { t: 'between' };

/**
 * Reads what nearly every frame is, a whole short message, without the library: no stream, no state machine and one buffer for
 * each message. Every other byte goes to the library, in order: control frames, fragments, long messages and whatever is wrong,
 * which the library then finds and answers. Nothing of the library is touched but its listener for input.
 */
export class FastLane {
  readonly #raw: RawSocket;
  readonly #library: Library;
  readonly #maxBytes: number;
  readonly #message: (data: Buffer, binary: boolean) => void;
  #state: State = BETWEEN;
  /** True from the first fragment of a message to its last: data frames between them are the library's to judge. */
  #fragmented = false;
  #isOver = false;

  /**
   * @param library its listener for input, called with the connection as `this`
   * @param maxMessageBytes longest message; a longer one is left to the library to refuse
   */
  constructor(
    raw: RawSocket,
    library: Library,
    maxMessageBytes: number,
    message: (data: Buffer, binary: boolean) => void,
  ) {
    this.#raw = raw;
    this.#library = library;
    this.#maxBytes = Math.min(MAX_PAYLOAD_BYTES, maxMessageBytes);
    this.#message = message;
  }

  /** The library found a fault: nothing that follows is a message. */
  stop(): void {
    this.#isOver = true;
  }

  readonly read = (piece: Buffer): void => {
    // Of a closed connection the library takes what is left itself.
    if (this.#isOver || this.#raw.destroyed) return;
    switch (this.#state.t) {
      case 'between':
        this.#frames(piece);
        return;
      case 'within':
        // Short, or it would not have been kept.
        this.#frames(Buffer.concat([this.#state.kept, piece]));
        return;
      case 'library':
        this.#follow(piece, 0);
    }
  };

  #frames(piece: Buffer): void {
    this.#state = BETWEEN;
    let at: number | undefined = 0;
    while (at !== undefined && at < piece.length) at = this.#frame(piece, at);
  }

  /** Reads one frame and returns where the next one starts; undefined when the rest of the piece was kept or handed over. */
  #frame(piece: Buffer, at: number): number | undefined {
    const head = readHead(piece, at);
    if (head === undefined) return this.#keep(piece, at);
    const first = piece[at] ?? 0;
    const end = at + head.bytes + head.length;
    if (this.#isOurs(first, head)) {
      if (end > piece.length) return this.#keep(piece, at);
      return this.#take(piece, at + head.bytes, head.length, first === WHOLE_BINARY) ? end : this.#follow(piece, at);
    }
    if (end > piece.length || !isHarmless(first, head)) return this.#follow(piece, at);
    this.#library.call(this.#raw, piece.subarray(at, end));
    return end;
  }

  #isOurs(first: number, head: FrameHead): boolean {
    if (first !== WHOLE_TEXT && first !== WHOLE_BINARY) return false;
    return head.isMasked && head.length <= this.#maxBytes && !this.#fragmented;
  }

  /** One message of ours; false when it is none, and the bytes are as they came. */
  #take(piece: Buffer, from: number, length: number, binary: boolean): boolean {
    unmask(piece, from - 4, from, length);
    const data = piece.subarray(from, from + length);
    if (!binary && !isUtf8(data)) {
      unmask(piece, from - 4, from, length);
      return false;
    }
    this.#message(data, binary);
    return true;
  }

  #keep(piece: Buffer, at: number): undefined {
    // A copy: the piece is memory of the size of a read.
    this.#state = { t: 'within', kept: Buffer.from(piece.subarray(at)) };
  }

  /**
   * Hands everything from `at` to the library, and follows the heads of the frames to know where the next one starts. It takes
   * over again only with another piece of input: by then the library has said what it found wrong with this one.
   */
  #follow(piece: Buffer, from: number): undefined {
    const { skip, head: begun } = this.#state.t === 'library' ? this.#state : { skip: 0, head: NOTHING };
    this.#library.call(this.#raw, from === 0 ? piece : piece.subarray(from));
    let at = from + skip;
    // What came of a head before stands in front of what comes now.
    const input = begun.length === 0 ? piece : Buffer.concat([begun, piece]);
    while (at < input.length) {
      const head = readHead(input, at);
      if (head === undefined) {
        this.#state = { t: 'library', skip: 0, head: Buffer.from(input.subarray(at)) };
        return;
      }
      this.#note(input[at] ?? 0);
      at += head.bytes + head.length;
    }
    this.#state = at === input.length ? BETWEEN : { t: 'library', skip: at - input.length, head: NOTHING };
  }

  /** Keeps account of a frame that the library reads. */
  #note(first: number): void {
    const opcode = first & 0x0f;
    if (opcode === CLOSE) this.#isOver = true;
    if (opcode < CLOSE) this.#fragmented = (first & FIN) === 0;
  }
}

const FIN = 0x80;
const CLOSE = 0x8;
/** Longest payload of a control frame, bytes (RFC 6455 §5.5). */
const MAX_CONTROL_BYTES = 125;

/** A ping or pong that the library can find nothing wrong with. */
function isHarmless(first: number, head: FrameHead): boolean {
  return (first === WHOLE_PING || first === WHOLE_PONG) && head.isMasked && head.length <= MAX_CONTROL_BYTES;
}

/** Puts a fast lane between a connection and the library that has just taken it. */
export function divert(ws: WebSocket, raw: RawSocket, maxMessageBytes: number): void {
  const [library] = raw.listeners('data');
  const message = (data: Buffer, binary: boolean): void => {
    ws.emit('message', data, binary);
  };
  const lane = new FastLane(raw, library as Library, maxMessageBytes, message);
  raw.removeAllListeners('data');
  raw.on('data', lane.read);
  ws.on('error', () => lane.stop());
}
