import type { Clock } from './clock.js';

/** Waits for some work, but no longer than `time`, milliseconds: undefined where it takes longer. Rejects where the work rejects in time. */
export function inTime<T>(work: Promise<T>, time: number, clock: Pick<Clock, 'after'>): Promise<T | undefined> {
  let cancel = (): void => {};
  const late = new Promise<undefined>((resolve) => {
    cancel = clock.after(time, () => resolve(undefined));
  });
  return Promise.race([work, late]).finally(() => cancel());
}
