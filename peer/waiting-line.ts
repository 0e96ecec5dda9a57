import type { Clock } from '../proxy/ports/clock.js';
import { RequestFailure } from './request-failure.js';

/** One call in the line. */
interface Place {
  readonly enter: () => void;
  readonly fail: (why: Error) => void;
}

/** Calls that wait until their session is there again; those that wait again go first. A bounded number, each for a bounded time. */
export class WaitingLine {
  readonly #clock: Clock;
  readonly #late: () => Error;
  readonly #again = new Set<Place>();
  readonly #first = new Set<Place>();

  /** @param late makes the failure of a call whose time is over */
  constructor(clock: Clock, late: () => Error = moved) {
    this.#clock = clock;
    this.#late = late;
  }

  get size(): number {
    return this.#again.size + this.#first.size;
  }

  /**
   * Resolves when the call's turn has come.
   *
   * @param isAgain whether it had been sent before
   * @param time milliseconds that it may wait
   * @throws RequestFailure `aborted` when the caller gave up; when the time is over it is what `late` makes: `moved` unless told
   */
  wait(isAgain: boolean, time: number, signal: AbortSignal | undefined): Promise<void> {
    const line = isAgain ? this.#again : this.#first;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        line.delete(place);
        cancel();
        signal?.removeEventListener('abort', abort);
      };
      const place: Place = {
        enter: () => {
          leave();
          resolve();
        },
        fail: (why) => {
          leave();
          reject(why);
        },
      };
      const abort = (): void => place.fail(new RequestFailure('aborted', 'the caller gave up'));
      const cancel = this.#clock.after(time, () => place.fail(this.#late()));
      line.add(place);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted === true) abort();
    });
  }

  /** Lets the next one enter; false when nobody waits. */
  next(): boolean {
    const [place] = this.#again.size > 0 ? this.#again : this.#first;
    place?.enter();
    return place !== undefined;
  }

  /** Sends everybody away. */
  failAll(why: Error): void {
    for (const place of [...this.#again, ...this.#first]) place.fail(why);
  }
}

function moved(): RequestFailure {
  return new RequestFailure('moved', 'the session moved, and the other peer was not back in time (--hold)');
}
