import type { Clock } from '../../ports/clock.js';
import { HOLD, LOOK } from '../times.js';

export interface StopWatchParts {
  readonly clock: Clock;
  /** Calls back again and again, as soon as it is due, before anything that waits in a socket is read. */
  readonly promptly: Clock['every'];
  /** A longer time between two looks means that the process was stopped for long enough to be declared dead, milliseconds. */
  readonly longest: number;
  /** Called at each look that comes in time. */
  readonly looked: () => void;
  /** The process was stopped for that time, milliseconds: nothing may be read until `release`. */
  readonly woken: (time: number) => void;
  /** Reads on. `isProven`: the store has confirmed every claim; otherwise the time for that is over. */
  readonly release: (isProven: boolean) => void;
}

/**
 * Notices that the process was stopped, and has reading held until the store has confirmed what this replica thinks it has. A timer that comes
 * late tells it, before anything is read, where the process waited for input when it was stopped; and each reader asks, for one that was
 * stopped while it read: it goes on with connections for which a lot has come since. What it had read before is beyond any check.
 */
export class StopWatch {
  readonly #parts: StopWatchParts;
  #lastLook: number;
  #held: { readonly stop: () => void } | undefined;
  #undo: () => void = () => {};

  constructor(parts: StopWatchParts) {
    this.#parts = parts;
    this.#lastLook = parts.clock.steady();
  }

  start(): void {
    this.#lastLook = this.#parts.clock.steady();
    this.#undo = this.#parts.promptly(LOOK, () => this.#look());
  }

  stop(): void {
    this.#undo();
    this.#end(true);
  }

  /** Input is about to be handled. */
  beforeReading(): void {
    const { clock, longest } = this.#parts;
    if (clock.steady() - this.#lastLook > longest) this.#look();
  }

  /** The store has confirmed every claim by a renewal that was sent after the process woke. */
  proven(): void {
    this.#end(true);
  }

  #look(): void {
    const { clock, longest, looked, woken } = this.#parts;
    const now = clock.steady();
    const passed = now - this.#lastLook;
    this.#lastLook = now;
    if (passed <= longest) {
      looked();
      return;
    }
    this.#held?.stop();
    this.#held = { stop: clock.after(HOLD, () => this.#end(false)) };
    woken(passed);
  }

  #end(isProven: boolean): void {
    if (this.#held === undefined) return;
    this.#held.stop();
    this.#held = undefined;
    this.#parts.release(isProven);
  }
}
