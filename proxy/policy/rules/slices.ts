import { setImmediate as turn } from 'node:timers/promises';

/** Longest time that sliced work holds the event loop at one time, milliseconds: a relayed message may have to wait this long. */
export const SLICE_MS = 4;

/** Does the work in slices, one in each turn of the event loop. A step between two `yield`s must be short. */
export async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await turn();
  }
}

/** Does the work at one go, where nothing else waits: at a start, and in commands. */
export function atOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
