/** Turns of the event loop after which no bytes move between sockets of one process. */
const STILL = 1_000;

/** Milliseconds after which nobody waits any more: a test that has failed must not keep its process alive. */
const PATIENCE_MS = 60_000;

/** Resolves once the condition holds. It is checked in every turn of the event loop, for changes without an event. Throws after a minute. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('what was waited for did not come about within a minute');
    await turn();
  }
}

/** Resolves once a number has not changed for that many turns. */
export async function stands(read: () => number): Promise<void> {
  let last = read();
  for (let still = 0; still < STILL; still += 1) {
    await turn();
    if (read() === last) continue;
    last = read();
    still = 0;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
