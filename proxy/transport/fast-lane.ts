import { isUtf8 } from 'node:buffer';
import { type FrameHead, isHarmless, MASKED, readHead, readLength, WHOLE } from './frames/frame-head.js';
import { type AtFrame, BETWEEN, behind, FRAGMENTS, type LaneState, OVER } from './frames/lane-state.js';
import { LongMessage } from './frames/long-message.js';
import { unmask } from './frames/unmask.js';
import { type PausableReading, Slice } from './slice.js';
import { inTurn } from './turn.js';

/** Longest unfinished payload that is kept as input, bytes: copying it costs less than holding the memory that it came in. */
const MAX_KEPT_BYTES = 4 * 1024;
const NOTHING = Buffer.alloc(0);
/** No turn has this number. */
const NEVER = -1;

/** Receives the frames of one connection; its reading can be paused for a turn of the event loop. */
export interface LaneReader extends PausableReading {
  message(data: Buffer, binary: boolean): void;
  /** A pong came. */
  ponged(data: Buffer): void;
  /** A ping came; returns false if the library has to answer it. */
  pinged(data: Buffer): boolean;
  /** A close frame came, after which nothing is read; returns false if the library has to answer it. */
  concluded(data: Buffer): boolean;
  /** Bytes came that the library has to read. */
  library(piece: Buffer): void;
}

/**
 * Reads whole messages, pings, pongs and close frames, which are nearly all frames, without the library: it needs no stream, no state
 * machine and only one buffer for each message. All other bytes go to the library, in order: fragments, messages that are too long
 * and broken frames, which the library then finds and answers. Only the library's listener for input is replaced.
 */
export class FastLane {
  readonly #reader: LaneReader;
  readonly #slice: Slice;
  #maxBytes: number;
  #state: LaneState = BETWEEN;
  /** The last turn in which the library got input: it reports a fault of that input a few ticks later. */
  #judgedIn = NEVER;

  /** @param maxMessageBytes longest message; the library refuses a longer one */
  constructor(maxMessageBytes: number, reader: LaneReader) {
    this.#maxBytes = maxMessageBytes;
    this.#reader = reader;
    this.#slice = new Slice(reader);
  }

  /** Memory of a message that has come only in part, bytes. */
  get gathered(): number {
    if (this.#state.t === 'within') return this.#state.kept.length;
    return this.#state.t === 'long' ? this.#state.message.memory : 0;
  }

  /** Whether nothing that comes is a message any more. */
  get isOver(): boolean {
    return this.#state.t === 'over';
  }

  /** Longest message, bytes. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Sets the longest message, bytes, from the next frame on. */
  limit(maxMessageBytes: number): void {
    this.#maxBytes = maxMessageBytes;
  }

  /** The library found a fault, so nothing that follows is a message. */
  stop(): void {
    this.#move(OVER);
  }

  /** Reads a piece of input. */
  read(piece: Buffer): void {
    if (this.#state.t === 'over') return;
    this.#slice.take(piece.length);
    switch (this.#state.t) {
      case 'between':
      case 'fragments':
        if (this.#judgedIn === inTurn()) this.#follow(piece, 0);
        else this.#frames(piece);
        return;
      case 'within':
        // The kept bytes are few, so joining them is cheap.
        this.#resume(this.#state.kept, piece);
        return;
      case 'long':
        this.#gather(this.#state.message, piece, 0, this.#state.binary);
        return;
      case 'library':
        this.#follow(piece, 0);
    }
  }

  /**
   * The connection is closed. The library takes the rest of the input itself; first it gets the bytes that were kept here.
   *
   * @param isEnded whether no input is left
   */
  closed(isEnded: boolean): void {
    const state = this.#state;
    this.#move(OVER);
    if (isEnded) return;
    if (state.t === 'within') this.#reader.library(state.kept);
    if (state.t === 'long') this.#reader.library(state.message.original());
  }

  /** The only way from state to state; nothing leads out of `over`. */
  #move(state: LaneState): void {
    if (this.#state.t !== 'over') this.#state = state;
  }

  #resume(kept: Buffer, piece: Buffer): void {
    this.#move(BETWEEN);
    this.#frames(Buffer.concat([kept, piece]));
  }

  /** Reads frame after frame; `from` is the start of a frame. */
  #frames(piece: Buffer, from = 0): void {
    let at: number | undefined = from;
    while (at !== undefined && at < piece.length) at = this.#frame(piece, at);
  }

  /** Reads one frame and returns the start of the next one; undefined when the rest of the piece was kept or handed over. */
  #frame(piece: Buffer, at: number): number | undefined {
    const head = readHead(piece, at);
    if (head === undefined) {
      // A message that is too long is so before its mask has come.
      const isOurs = this.#mayBeOurs(piece, at) && (readLength(piece, at) ?? 0) <= this.#maxBytes;
      return isOurs ? this.#keep(piece, at) : this.#follow(piece, at);
    }
    const first = piece[at] ?? 0;
    const end = at + head.bytes + head.length;
    if (this.#mayBeOurs(piece, at) && head.length <= this.#maxBytes) {
      if (end > piece.length) return this.#begin(piece, at, head);
      return this.#take(piece, at + head.bytes, head.length, first === WHOLE.binary) ? end : this.#follow(piece, at);
    }
    if (end > piece.length || !isHarmless(first, head)) return this.#follow(piece, at);
    return this.#control(piece, at, end - head.length, end);
  }

  /** Whether the bytes so far may be the head of a whole, masked message. */
  #mayBeOurs(piece: Buffer, at: number): boolean {
    const first = piece[at];
    if ((first !== WHOLE.text && first !== WHOLE.binary) || this.#state.t === 'fragments') return false;
    const second = piece[at + 1];
    return second === undefined || (second & MASKED) !== 0;
  }

  /** Reads one whole message; returns false, with the bytes unchanged, when it is not valid. */
  #take(piece: Buffer, from: number, length: number, binary: boolean): boolean {
    unmask(piece, from, length, piece, from - 4);
    const data = piece.subarray(from, from + length);
    if (!binary && !isUtf8(data)) {
      unmask(piece, from, length, piece, from - 4);
      return false;
    }
    this.#reader.message(data, binary);
    return true;
  }

  /** Begins a whole message whose end has not come. */
  #begin(piece: Buffer, at: number, head: FrameHead): undefined {
    if (head.length <= MAX_KEPT_BYTES) return this.#keep(piece, at);
    const from = at + head.bytes;
    const message = new LongMessage(piece.subarray(at, from), head.length);
    return this.#gather(message, piece, from, piece[at] === WHOLE.binary);
  }

  /** Takes more of a long message, and reads the frames after it in the piece. */
  #gather(message: LongMessage, piece: Buffer, from: number, binary: boolean): undefined {
    const end = message.take(piece, from);
    if (!message.isWhole) {
      this.#move({ t: 'long', message, binary });
      return;
    }
    const data = message.payload();
    this.#move(BETWEEN);
    if (binary || isUtf8(data)) {
      this.#reader.message(data, binary);
      this.#frames(piece, end);
      return;
    }
    this.#follow(Buffer.concat([message.original(), piece.subarray(end)]), 0);
  }

  /**
   * Reads a ping or a pong, which are all that idle connections get, or a close, and returns the start of the next frame. What is left to
   * the library gets there with its bytes unchanged.
   */
  #control(piece: Buffer, at: number, from: number, end: number): number | undefined {
    const first = piece[at] ?? 0;
    unmask(piece, from, end - from, piece, from - 4);
    const isTaken = this.#hear(first, piece.subarray(from, end));
    if (!isTaken) unmask(piece, from, end - from, piece, from - 4);
    if (first === WHOLE.close) return isTaken ? undefined : this.#follow(piece, at);
    if (!isTaken) this.#reader.library(piece.subarray(at, end));
    return end;
  }

  #hear(first: number, data: Buffer): boolean {
    if (first === WHOLE.ping) return this.#reader.pinged(data);
    if (first === WHOLE.pong) {
      this.#reader.ponged(data);
      return true;
    }
    const isTaken = this.#reader.concluded(data);
    if (isTaken) this.#move(OVER);
    return isTaken;
  }

  #keep(piece: Buffer, at: number): undefined {
    // The bytes are copied, because the piece has the memory of a whole read.
    this.#move({ t: 'within', kept: Buffer.from(piece.subarray(at)) });
  }

  /**
   * Hands everything from `at` to the library, and follows the heads of the frames to know where the next one starts. The fast lane
   * takes over again only in another turn of the event loop, because a paused connection gives all that it has read in one turn.
   */
  #follow(piece: Buffer, from: number): undefined {
    const { skip, head: begun, next: before } = this.#unread();
    let next = before;
    this.#reader.library(from === 0 ? piece : piece.subarray(from));
    this.#judgedIn = inTurn();
    let at = from + skip;
    // The beginning of a head may have come with the piece before this one.
    const input = begun.length === 0 ? piece : Buffer.concat([begun, piece]);
    while (at < input.length && next.t !== 'over') {
      const head = readHead(input, at);
      if (head === undefined) {
        this.#move({ t: 'library', skip: 0, head: Buffer.from(input.subarray(at)), next });
        return;
      }
      next = behind(input[at] ?? 0, next);
      at += head.bytes + head.length;
    }
    this.#move(at <= input.length ? next : { t: 'library', skip: at - input.length, head: NOTHING, next });
  }

  /** The part of the library's present frame that has not come. */
  #unread(): { readonly skip: number; readonly head: Buffer; readonly next: AtFrame } {
    if (this.#state.t === 'library') return this.#state;
    return { skip: 0, head: NOTHING, next: this.#state.t === 'fragments' ? FRAGMENTS : BETWEEN };
  }
}
