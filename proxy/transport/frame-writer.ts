import type { Socket as RawSocket } from 'node:net';
import type { MessageWriter, Sender } from './connection.js';
import { type TurnWriter, writeInTurn } from './turn.js';

/** Size of the memory in which the frames of one turn of the event loop gather, bytes. */
const SLAB_BYTES = 64 * 1024;
/** Longest payload that is copied, bytes; a longer payload is written from its own memory. */
const COPIED_BYTES = 8 * 1024;
/** Longest head of an unmasked frame, bytes (RFC 6455 §5.2). */
const MAX_HEAD_BYTES = 10;
/**
 * Memory of one waiting write beyond its bytes: buffers and their places in the stream's queue. If it were not counted, 1 MiB of empty
 * messages that come singly would cost 100 MiB.
 */
const WRITE_COST = 200;
const FIN_TEXT = 0x81;
const FIN_BINARY = 0x82;

const NOTHING = Buffer.alloc(0);

/**
 * Gathers the messages to one connection in this turn of the event loop: the frames of small messages lie side by side in one piece of
 * memory and are handed over in one write. Control frames do not pass through it. They may overtake its messages, but before the close
 * frame `seal` must be called.
 *
 * A message that comes alone takes the short way: one write at the end of the turn, which needs no cork, and no callback where the operating system
 * takes it at once.
 */
export class FrameWriter implements MessageWriter, TurnWriter {
  readonly #raw: RawSocket;
  readonly #sender: Sender;
  readonly #written: (error?: Error | null) => void;
  /** Whether a write can end at once: one over TLS never does. */
  readonly #endsAtOnce: boolean;
  /** The run of this writer that waits for the end of the turn: in the slab while the writer owns it, else in `#memory`, up to `#to`. */
  #from = 0;
  #to = 0;
  #memory: Buffer | undefined;
  /** Writes that have not ended. */
  #writes = 0;
  /** Whether the writer is in line to be flushed at the end of the turn. */
  #enlisted = false;
  /** Whether something was written before the end of the turn, and is kept back until then. */
  #corked = false;
  /** Whether bytes waited for the operating system when the turn began: added messages may then wait for long. */
  #clogged = false;

  constructor(raw: RawSocket, sender: Sender) {
    this.#raw = raw;
    this.#sender = sender;
    this.#endsAtOnce = !('encrypted' in raw);
    this.#written = () => {
      this.#writes -= 1;
      sender.written();
    };
  }

  /** Memory of the added messages that the operating system has not taken, in bytes; 0 when nothing waits. */
  get backlog(): number {
    const bytes = this.#raw.writableLength + (slab.writer === this ? slab.end : this.#to) - this.#from;
    return bytes === 0 ? 0 : bytes + this.#writes * WRITE_COST;
  }

  /** Adds one message as a frame of a server: FIN set, no mask. */
  add(payload: Buffer, binary: boolean): void {
    if (!this.#enlisted) this.#enlist();
    const first = binary ? FIN_BINARY : FIN_TEXT;
    if (payload.length > COPIED_BYTES) {
      this.#addLong(payload, first);
      return;
    }
    this.#take(MAX_HEAD_BYTES + payload.length);
    const { memory } = slab;
    slab.end = writeHead(memory, slab.end, first, payload.length);
    memory.set(payload, slab.end);
    slab.end += payload.length;
  }

  /** Adds a long message. Its head is not in the slab, which would be held for as long as the message waits. */
  #addLong(payload: Buffer, first: number): void {
    this.seal();
    this.#cork();
    const head = Buffer.allocUnsafe(MAX_HEAD_BYTES);
    this.#write(head.subarray(0, writeHead(head, 0, first, payload.length)));
    this.#write(payload);
  }

  /** Hands over the frames so far; they leave at the end of the turn, before any later write. */
  seal(): void {
    const run = this.#takeRun();
    if (run === undefined) return;
    this.#cork();
    this.#write(run);
  }

  /** Ends the run so that another writer can have the slab. */
  park(): void {
    this.#memory = slab.memory;
    this.#to = slab.end;
  }

  /** Keeps what is written back until the end of the turn. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#raw.cork();
  }

  /** The run, which is the caller's from now on; undefined where there is none. */
  #takeRun(): Buffer | undefined {
    if (slab.writer === this) {
      this.park();
      slab.writer = undefined;
    }
    const memory = this.#memory;
    if (memory === undefined) return undefined;
    const run = memory.subarray(this.#from, this.#to);
    this.#memory = undefined;
    this.#to = this.#from;
    // The run is copied, so that a slow reader does not hold a whole slab for a few bytes.
    return this.#clogged ? Buffer.from(run) : run;
  }

  #write(bytes: Buffer): void {
    this.#writes += 1;
    this.#raw.write(bytes, this.#written);
  }

  /** Makes this writer the owner of the slab, with room for `bytes` bytes. */
  #take(bytes: number): void {
    const isFull = slab.end + bytes > SLAB_BYTES;
    if (slab.writer === this && !isFull) return;
    this.seal();
    slab.writer?.park();
    if (isFull) renew();
    slab.writer = this;
    this.#from = slab.end;
  }

  #enlist(): void {
    this.#enlisted = true;
    this.#clogged = this.#raw.writableLength > 0;
    slab.enlisted += 1;
    writeInTurn(this);
  }

  /** Called at the end of the turn. */
  flush(): void {
    this.#enlisted = false;
    const isTaken = this.#corked || this.#clogged ? this.#flushSeveral() : this.#flushRun();
    if (!this.#clogged && this.#raw.writableLength > 0) slab.isHeld = true;
    slab.enlisted -= 1;
    if (slab.enlisted === 0) reuse();
    if (isTaken) this.#sender.written();
  }

  /** Returns false: callbacks tell of the end of each write. */
  #flushSeveral(): false {
    this.seal();
    this.#corked = false;
    this.#raw.uncork();
    return false;
  }

  /**
   * Writes all messages of the turn at once; returns true when the operating system has taken them. A callback would cost a message alone a task of its own,
   * so only bytes that have to wait get one; over TLS all have to.
   */
  #flushRun(): boolean {
    const run = this.#takeRun();
    if (run === undefined) return false;
    if (!this.#endsAtOnce) {
      this.#write(run);
      return false;
    }
    this.#raw.write(run);
    if (this.#raw.writableLength === 0) return true;
    this.#write(NOTHING);
    return false;
  }
}

/** The memory that the writers of one turn of the event loop share. */
const slab = {
  memory: Buffer.allocUnsafeSlow(SLAB_BYTES),
  /** First free byte. */
  end: 0,
  /** The writer that owns the slab. */
  writer: undefined as FrameWriter | undefined,
  /** Writers that have something to flush. */
  enlisted: 0,
  /** True when the operating system did not take everything at once: the slab holds the waiting bytes. */
  isHeld: false,
};

function reuse(): void {
  if (slab.isHeld) renew();
  slab.isHeld = false;
  slab.end = 0;
}

function renew(): void {
  slab.memory = Buffer.allocUnsafeSlow(SLAB_BYTES);
  slab.end = 0;
}

/** Writes the head of a frame; returns the position after it. */
function writeHead(target: Buffer, at: number, first: number, length: number): number {
  target[at] = first;
  if (length < 126) {
    target[at + 1] = length;
    return at + 2;
  }
  if (length < 65_536) {
    target[at + 1] = 126;
    target[at + 2] = length >> 8;
    target[at + 3] = length & 0xff;
    return at + 4;
  }
  target[at + 1] = 127;
  target.writeUInt16BE(0, at + 2);
  target.writeUIntBE(length, at + 4, 6);
  return at + MAX_HEAD_BYTES;
}
