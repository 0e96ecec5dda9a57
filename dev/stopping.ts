/** Milliseconds of a stop after which it is said what it waits for. */
const TELL_AFTER_MS = 1_000;

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Says what a stop waits for if it takes long, and how long that may be; the function returned takes that back. */
export function tellWait(mostMs: number): () => void {
  const timer = setTimeout(() => {
    console.log(`waiting for calls in flight, ${Math.ceil(mostMs / 1000)} s at most: ^C again ends them`);
  }, TELL_AFTER_MS);
  return () => clearTimeout(timer);
}
