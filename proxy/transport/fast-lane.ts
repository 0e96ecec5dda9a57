import { isUtf8 } from 'node:buffer';
import { type FrameHead, isHarmless, MASKED, readHead, WHOLE } from './frames/frame-head.js';
import { type AtFrame, BETWEEN, behind, FRAGMENTS, type LaneState, OVER } from './frames/lane-state.js';
import { LongMessage } from './frames/long-message.js';
import { unmask } from './frames/unmask.js';
import { type Reading, Slice } from './slice.js';
import { inTurn } from './turn.js';

/** Longest payload that is kept, bytes, where a part of it has come: copying it costs less than to hold what it came in. */
const MAX_KEPT_BYTES = 4 * 1024;
const NOTHING = Buffer.alloc(0);
/** No turn has this number. */
const NEVER = -1;

/** Receives the frames of one connection. Its reading can be stopped for a while, when very much came in one turn of the event loop. */
export interface LaneReader extends Reading {
  message(data: Buffer, binary: boolean): void;
  /** A pong came. */
  ponged(data: Buffer): void;
  /** A ping came; false where it is the library's to answer. */
  pinged(data: Buffer): boolean;
  /** Bytes that are the library's to read. */
  library(piece: Buffer): void;
}

/**
 * Reads whole messages, pings and pongs, which nearly all frames are, without the library: no stream, no state machine and one
 * buffer for each message. Every other byte goes to the library, in order: close frames, fragments, messages that are too long and
 * broken frames, which the library then finds and answers. Nothing of the library is touched but its listener for input.
 */
export class FastLane {
  readonly #reader: LaneReader;
  readonly #slice: Slice;
  #maxBytes: number;
  #state: LaneState = BETWEEN;
  /** The last turn in which the library was given input: it tells of a fault in that a few ticks later. */
  #judgedIn = NEVER;

  /** @param maxMessageBytes longest message; a longer one is left to the library to refuse */
  constructor(maxMessageBytes: number, reader: LaneReader) {
    this.#maxBytes = maxMessageBytes;
    this.#reader = reader;
    this.#slice = new Slice(reader);
  }

  /** Memory of a message of which only a part has come, bytes. */
  get gathered(): number {
    if (this.#state.t === 'within') return this.#state.kept.length;
    return this.#state.t === 'long' ? this.#state.message.memory : 0;
  }

  /** Longest message, bytes. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Sets the longest message, bytes, from the next frame on. */
  limit(maxMessageBytes: number): void {
    this.#maxBytes = maxMessageBytes;
  }

  /** The library found a fault: nothing that follows is a message. */
  stop(): void {
    this.#move(OVER);
  }

  /** A piece of input came. */
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
        // Short, or it would not have been kept.
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
   * The connection is closed. The library takes what is left of it itself: the rest of what was kept here, which it gets first.
   *
   * @param isEnded nothing is left
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

  /** Reads frame after frame, from the start of one. */
  #frames(piece: Buffer, from = 0): void {
    let at: number | undefined = from;
    while (at !== undefined && at < piece.length) at = this.#frame(piece, at);
  }

  /** Reads one frame and returns where the next one starts; undefined when the rest of the piece was kept or handed over. */
  #frame(piece: Buffer, at: number): number | undefined {
    const head = readHead(piece, at);
    if (head === undefined) return this.#mayBeOurs(piece, at) ? this.#keep(piece, at) : this.#follow(piece, at);
    const first = piece[at] ?? 0;
    const end = at + head.bytes + head.length;
    if (this.#mayBeOurs(piece, at) && head.length <= this.#maxBytes) {
      if (end > piece.length) return this.#begin(piece, at, head);
      return this.#take(piece, at + head.bytes, head.length, first === WHOLE.binary) ? end : this.#follow(piece, at);
    }
    if (end > piece.length || !isHarmless(first, head)) return this.#follow(piece, at);
    if (!this.#control(piece, at + head.bytes, head.length, first)) this.#reader.library(piece.subarray(at, end));
    return end;
  }

  /** So far as the head of the frame has come, this is a whole message, masked. */
  #mayBeOurs(piece: Buffer, at: number): boolean {
    const first = piece[at];
    if ((first !== WHOLE.text && first !== WHOLE.binary) || this.#state.t === 'fragments') return false;
    const second = piece[at + 1];
    return second === undefined || (second & MASKED) !== 0;
  }

  /** One message of ours; false when it is none, and the bytes are as they came. */
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

  /** The start of a message of ours. */
  #begin(piece: Buffer, at: number, head: FrameHead): undefined {
    if (head.length <= MAX_KEPT_BYTES) return this.#keep(piece, at);
    const from = at + head.bytes;
    const message = new LongMessage(piece.subarray(at, from), head.length);
    return this.#gather(message, piece, from, piece[at] === WHOLE.binary);
  }

  /** More of a long message, and what follows it in the piece. */
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

  /** Reads a ping or a pong, which are all that idle connections get; false when it is the library's, and the bytes are as they came. */
  #control(piece: Buffer, from: number, length: number, first: number): boolean {
    unmask(piece, from, length, piece, from - 4);
    const data = piece.subarray(from, from + length);
    if (first === WHOLE.pong) this.#reader.ponged(data);
    else if (!this.#reader.pinged(data)) {
      unmask(piece, from, length, piece, from - 4);
      return false;
    }
    return true;
  }

  #keep(piece: Buffer, at: number): undefined {
    // A copy: the piece is memory of the size of a read.
    this.#move({ t: 'within', kept: Buffer.from(piece.subarray(at)) });
  }

  /**
   * Hands everything from `at` to the library, and follows the heads of the frames to know where the next one starts. It takes
   * over again only in another turn of the event loop: a paused connection gives all that it has read in one.
   */
  #follow(piece: Buffer, from: number): undefined {
    const { skip, head: begun, next: before } = this.#unread();
    let next = before;
    this.#reader.library(from === 0 ? piece : piece.subarray(from));
    this.#judgedIn = inTurn();
    let at = from + skip;
    // The part of a head that came before stands in front of this piece.
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
