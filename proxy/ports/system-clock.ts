import { performance } from 'node:perf_hooks';
import type { Clock } from './clock.js';

/**
 * The system's time. Its timers do not keep the process alive. A due callback runs after all input that has come was read: a service that
 * was late, because it was stopped or has much to do, would otherwise end peers whose HELLO or pong waits in its sockets [LIVE-3].
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after: (ms, callback) => {
    const due = new AfterReading(callback);
    const timer = setTimeout(() => due.arise(), ms).unref();
    return () => {
      clearTimeout(timer);
      due.cancel();
    };
  },
  every: (ms, callback) => {
    const due = new AfterReading(callback);
    const timer = setInterval(() => due.arise(), ms).unref();
    return () => {
      clearInterval(timer);
      due.cancel();
    };
  },
};

/**
 * Calls back again and again as soon as it is due, before what waits in the sockets is read: for what has to be known first after the process
 * was stopped. Does not keep the process alive.
 */
export function everyPromptly(ms: number, callback: () => void): () => void {
  const timer = setInterval(callback, ms).unref();
  return () => clearInterval(timer);
}

/** Calls back in this turn of the event loop, after its sockets were read: timers are called before them. */
class AfterReading {
  readonly #callback: () => void;
  #immediate: NodeJS.Immediate | undefined;

  constructor(callback: () => void) {
    this.#callback = callback;
  }

  arise(): void {
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      this.#callback();
    });
  }

  cancel(): void {
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    this.#immediate = undefined;
  }
}
