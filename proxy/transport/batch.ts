/**
 * Writes of one turn of the event loop leave together: what was corked while sockets were read is flushed once, when the
 * reading of this turn is done. In a prototype this halved the CPU time of a message.
 */
let waiting: Flushed[] = [];

/** Has something to do at the end of a turn: an object, since a function of its own for each connection would be kept for life. */
export interface Flushed {
  flush(): void;
}

/** Calls `flush` once, after the input of this turn of the event loop was handled. */
export function enlist(one: Flushed): void {
  if (waiting.push(one) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const batch = waiting;
  waiting = [];
  for (const one of batch) one.flush();
}
