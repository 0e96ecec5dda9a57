import type { Socket } from 'node:net';
import type { Clock } from '../../ports/clock.js';
import { bytesTaken } from '../../transport/connection.js';

/**
 * Copies the bytes of two connections into each other until both have ended. While one side takes nothing the other is not read: no more waits
 * than the stream holds back and one read, so a slow reader slows the sender down as it does without a copy in between. The end of one
 * side ends the other: a half-close is passed on and leaves the other direction a bounded time, everything else cuts both. The streams'
 * own `pipe`, and reading into one buffer of ours, were measured to cost the same.
 */
export class ByteCopy {
  /** Resolves when both connections have closed. */
  readonly over: Promise<void>;
  readonly #client: Socket;
  readonly #owner: Socket;
  readonly #clock: Clock;
  readonly #linger: number;
  #open = 2;
  #cancelLinger: (() => void) | undefined;
  /** Bytes that had moved at the last look, and when that was noticed on the steady clock. */
  #moved = 0;
  #movedAt: number;

  /** @param linger time that the other direction has after a half-close, milliseconds */
  constructor(client: Socket, owner: Socket, linger: number, clock: Clock) {
    this.#client = client;
    this.#owner = owner;
    this.#clock = clock;
    this.#linger = linger;
    this.#movedAt = clock.steady();
    this.over = new Promise((resolve) => {
      this.#join(client, owner, resolve);
      this.#join(owner, client, resolve);
    });
  }

  /** Bytes that have come from one side and that the other has not taken. */
  get waiting(): number {
    return waitingIn(this.#client) + waitingIn(this.#owner);
  }

  /** Drops both connections. */
  cut(): void {
    this.#client.destroy();
    this.#owner.destroy();
  }

  /**
   * Cuts the connection if nothing has come from the owner, nor been taken by the client, for that time (milliseconds). An owner pings,
   * and ends a client that is too slow: an owner that did neither in time is gone, or is not heard because the client takes nothing.
   */
  look(quiet: number): void {
    const moved = this.#owner.bytesRead + bytesTaken(this.#client);
    const now = this.#clock.steady();
    if (moved !== this.#moved) {
      this.#moved = moved;
      this.#movedAt = now;
    } else if (now - this.#movedAt >= quiet) this.cut();
  }

  #join(from: Socket, to: Socket, closed: () => void): void {
    if (from.closed) this.#closed(to, closed);
    else from.once('close', () => this.#closed(to, closed));
    from.on('data', (piece: Buffer) => {
      if (!to.write(piece)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.once('end', () => {
      to.end();
      this.#cancelLinger ??= this.#clock.after(this.#linger, () => this.cut());
    });
    from.resume();
  }

  #closed(other: Socket, closed: () => void): void {
    this.#open -= 1;
    // A side that ended in order has told the other, which still writes what it has.
    if (this.#open > 0 && !other.writableEnded) other.destroy();
    if (this.#open > 0) return;
    this.#cancelLinger?.();
    closed();
  }
}

function waitingIn({ readableLength, writableLength }: Socket): number {
  return readableLength + writableLength;
}
