/**
 * Writes of one turn of the event loop leave together: what was corked while sockets were read is flushed once, when the
 * reading of this turn is done. In a prototype this halved the CPU time of a message.
 */
let waiting: (() => void)[] = [];

/** Calls `flush` once, after the input of this turn of the event loop was handled. */
export function enlist(flush: () => void): void {
  if (waiting.push(flush) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const batch = waiting;
  waiting = [];
  for (const flush of batch) flush();
}
