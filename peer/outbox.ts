import type { Socket } from '../proxy/ports/socket.js';

/** Bytes. */
export interface OutboxBounds {
  /** The socket's backlog above which messages wait here instead, where they can still be withdrawn. */
  readonly highMark: number;
  /** All that may wait here. */
  readonly maxBytes: number;
}

/** A message that was given to the outbox. */
export interface Dispatch {
  /** The how manieth message of the connection it is, from 1; undefined while it waits, or was taken back. */
  readonly number: number | undefined;
  /** Takes the message back if it still waits. */
  withdraw(): void;
}

interface Letter {
  readonly data: Buffer;
  readonly binary: boolean;
  number: number | undefined;
}

/**
 * Messages on their way out, in order and bounded. A request that nobody waits for any more is taken back while it can be:
 * commands that lie in a queue must not be carried out minutes later.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #bounds: OutboxBounds;
  readonly #waiting = new Set<Letter>();
  #bytes = 0;
  /** Messages that were handed to the socket. */
  #sent = 0;

  constructor(socket: Socket, bounds: OutboxBounds) {
    this.#socket = socket;
    this.#bounds = bounds;
  }

  /** Bytes that wait here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Sends or queues; undefined when there is no room. */
  send(data: Buffer, binary: boolean): Dispatch | undefined {
    const letter: Letter = { data, binary, number: undefined };
    const dispatch: Dispatch = {
      get number() {
        return letter.number;
      },
      withdraw: () => this.#remove(letter),
    };
    if (this.#waiting.size === 0 && this.#socket.backlog <= this.#bounds.highMark) {
      this.#hand(letter);
      return dispatch;
    }
    if (this.#bytes + data.length > this.#bounds.maxBytes) return undefined;
    this.#waiting.add(letter);
    this.#bytes += data.length;
    return dispatch;
  }

  /** The socket wrote something: goes on with what waits. */
  flush(): void {
    for (const letter of this.#waiting) {
      if (this.#socket.backlog > this.#bounds.highMark) return;
      this.#remove(letter);
      this.#hand(letter);
    }
  }

  #hand(letter: Letter): void {
    this.#sent += 1;
    letter.number = this.#sent;
    this.#socket.send(letter.data, letter.binary);
  }

  #remove(letter: Letter): void {
    if (this.#waiting.delete(letter)) this.#bytes -= letter.data.length;
  }
}
