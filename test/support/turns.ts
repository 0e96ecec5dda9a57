/** Turns of the event loop after which nothing moves any more between sockets of one process. */
const STILL = 1_000;

/** Resolves once it holds; looked at in every turn of the event loop, for what no event tells. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/** Resolves once a number has stood still for so long that nothing can be on its way. */
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
