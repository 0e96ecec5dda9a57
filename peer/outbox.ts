import type { Socket } from '../proxy/ports/socket.js';

/** Bytes. */
export interface OutboxBounds {
  /** The socket's backlog above which messages wait here instead, where they can still be withdrawn. */
  readonly highMark: number;
  /** All that may wait here. */
  readonly maxBytes: number;
}

interface Letter {
  readonly data: Buffer;
  readonly binary: boolean;
}

/**
 * Messages on their way out, in order and bounded. A request that nobody waits for any more is taken back while it can be:
 * commands that lie in a queue must not be carried out minutes later.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #bounds: OutboxBounds;
  readonly #waiting = new Map<number, Letter>();
  #bytes = 0;
  #next = 0;

  constructor(socket: Socket, bounds: OutboxBounds) {
    this.#socket = socket;
    this.#bounds = bounds;
  }

  /** Bytes that wait here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Sends or queues; undefined when there is no room. The function returned takes the message back if it still waits. */
  send(data: Buffer, binary: boolean): (() => void) | undefined {
    if (this.#waiting.size === 0 && this.#socket.backlog <= this.#bounds.highMark) {
      this.#socket.send(data, binary);
      return () => {};
    }
    if (this.#bytes + data.length > this.#bounds.maxBytes) return undefined;
    const number = this.#next++;
    this.#waiting.set(number, { data, binary });
    this.#bytes += data.length;
    return () => this.#remove(number);
  }

  /** The socket wrote something: goes on with what waits. */
  flush(): void {
    for (const [number, { data, binary }] of this.#waiting) {
      if (this.#socket.backlog > this.#bounds.highMark) return;
      this.#remove(number);
      this.#socket.send(data, binary);
    }
  }

  #remove(number: number): void {
    const letter = this.#waiting.get(number);
    if (letter === undefined) return;
    this.#waiting.delete(number);
    this.#bytes -= letter.data.length;
  }
}
