import type { Socket } from '../../ports/socket.js';

/** The bounds of the bytes that may wait for the far side of a flow. */
export interface FlowMarks {
  /** Above this many waiting bytes, the near side is no longer read. */
  readonly highMark: number;
  /** At or below this many waiting bytes, the near side is read again. */
  readonly lowMark: number;
}

/** The near side of a flow, which can be left unread for a while: a socket, or a peer that may have other reasons not to be read. */
export interface Source {
  pause(): void;
  resume(): void;
}

/**
 * One direction between two sockets. Messages go out as they came, and the near side is not read while too much waits at the far side.
 * So the backlog is bounded by the high mark, one message, and the bytes of one read of the near side.
 */
export class Flow {
  readonly #from: Source;
  readonly #to: Socket;
  readonly #marks: FlowMarks;
  /** True while the near side is not read because of this flow's backlog. */
  #holding = false;

  constructor(from: Source, to: Socket, marks: FlowMarks) {
    this.#from = from;
    this.#to = to;
    this.#marks = marks;
  }

  /** Sends one message to the far side. */
  pass(data: Buffer, binary: boolean): void {
    const to = this.#to;
    to.send(data, binary);
    if (this.#holding || to.backlog <= this.#marks.highMark) return;
    this.#holding = true;
    this.#from.pause();
  }

  /** The far side took some bytes; `backlog` is the rest, in bytes. */
  drained(backlog: number): void {
    if (!this.#holding || backlog > this.#marks.lowMark) return;
    this.#holding = false;
    this.#from.resume();
  }
}
