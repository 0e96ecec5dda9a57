import type { Socket } from '../../ports/socket.js';

/** How much may wait for the far side of a flow. */
export interface FlowMarks {
  /** Bytes waiting for the far side above which the near side is no longer read. */
  readonly highMark: number;
  /** Bytes waiting for the far side at or below which the near side is read again. */
  readonly lowMark: number;
}

/** What messages come from: it can be left unread for a while. A socket, or a peer, which may have other reasons not to be read. */
export interface Source {
  pause(): void;
  resume(): void;
}

/**
 * One way between two sockets: messages go out as they came, and while too much waits at the far side the near side is not read. Its
 * backlog is bounded: high mark, one message, and what one read of the near side can hold.
 */
export class Flow {
  readonly #from: Source;
  readonly #to: Socket;
  readonly #marks: FlowMarks;
  /** True while the near side is held for this flow's backlog. */
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

  /** The far side took some bytes; `backlog` is what is left, in bytes. */
  drained(backlog: number): void {
    if (!this.#holding || backlog > this.#marks.lowMark) return;
    this.#holding = false;
    this.#from.resume();
  }
}
