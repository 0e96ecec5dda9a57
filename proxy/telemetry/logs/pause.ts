import type { Clock } from '../../ports/clock.js';

/** A wait that can be cut short. */
export class Pause {
  readonly #clock: Clock;
  readonly #ms: number;
  #cut: (() => void) | undefined;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** Resolves when it is over; one at a time. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(this.#ms, resolve);
      this.#cut = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Ends the one that lasts, if one does. */
  cut(): void {
    this.#cut?.();
  }
}
