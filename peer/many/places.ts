import type { Clock } from '../../proxy/ports/clock.js';
import { RequestFailure } from '../request-failure.js';
import { WaitingLine } from '../waiting-line.js';

export interface PlaceBounds {
  /** Calls worked on at one time in all meetups, reading their bodies included. */
  readonly maxInFlight: number;
  /** Calls that wait, in all meetups, beside those: for the other peer, for a session that moves, or for a place after that. */
  readonly maxHeld: number;
}

/** The places for calls of all meetups together. A call is inside from its coming to its answer, and has a place while it is worked on. */
export class Places {
  readonly #bounds: PlaceBounds;
  readonly #line: WaitingLine;
  #inside = 0;
  #taken = 0;

  constructor(bounds: PlaceBounds, clock: Clock) {
    this.#bounds = bounds;
    this.#line = new WaitingLine(clock, () => this.#full());
  }

  /** Calls inside. */
  get inside(): number {
    return this.#inside;
  }

  /** Places that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Lets a call in that has to wait, or not. Throws RequestFailure `too_many`. */
  enter(waits: boolean): void {
    const { maxInFlight, maxHeld } = this.#bounds;
    if (!waits && this.#taken >= maxInFlight) throw this.#full();
    if (this.#inside >= maxInFlight + maxHeld) {
      throw new RequestFailure('too_many', `${maxHeld} requests wait already, the most that may`);
    }
    this.#inside += 1;
  }

  /** The call has its answer. */
  leave(): void {
    this.#inside -= 1;
  }

  /**
   * Works with a place; one that waited gets in line for it.
   *
   * @param time milliseconds that it may stand in line; 0: it may not
   * @throws RequestFailure `too_many`, `aborted`, and what `work` throws
   */
  async within<T>(time: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#take(time, signal);
    try {
      return await work();
    } finally {
      // The next in line has the place at once: nobody who comes takes it away.
      if (!this.#line.next()) this.#taken -= 1;
    }
  }

  async #take(time: number, signal: AbortSignal): Promise<void> {
    if (this.#taken >= this.#bounds.maxInFlight) {
      if (time === 0) throw this.#full();
      return this.#line.wait(false, time, signal);
    }
    this.#taken += 1;
  }

  #full(): RequestFailure {
    const { maxInFlight } = this.#bounds;
    return new RequestFailure('too_many', `${maxInFlight} requests are in flight already, the most that may be`);
  }
}
