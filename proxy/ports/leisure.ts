import { performance } from 'node:perf_hooks';

/**
 * Longest time that work at leisure holds the event loop at one time, milliseconds. A message passes the service in hundredths of that, so
 * this is about what it waits at most behind those who come and go.
 */
export const LEISURE_MS = 2;

type Work = () => void;

/** Work in the order in which it came, from `begun` on. What stands before that is done, and goes when it is as much as this. */
const MAX_DONE = 1_000;
let line: Work[] = [];
let begun = 0;
/** When the work of this turn of the event loop has to end, steady clock. */
let until = 0;

/**
 * Does work that no message should stand behind: what is to be done for those who come and those who have gone. A fleet does either in one
 * moment, and all of it in one turn of the event loop would keep the messages of all others waiting for a second. It is done in the order
 * in which it was given, a little in each turn; what it sets going without waiting for the world, such as the rest of an async function,
 * counts as a part of it.
 *
 * Its bound is its callers': each gives work once for a connection that comes and once for one that has gone.
 *
 * @param work a fault that it throws is nobody's to catch; what stands behind it is done all the same
 */
export function atLeisure(work: Work): void {
  line.push(work);
  if (line.length === 1) setImmediate(begin);
}

/** Resolves when work that was given now would begin. What awaits it goes on as that work. */
export function leisure(): Promise<void> {
  return new Promise(atLeisure);
}

function begin(): void {
  until = performance.now() + LEISURE_MS;
  next();
}

function next(): void {
  const work = line[begun];
  begun += 1;
  try {
    work?.();
  } finally {
    if (begun === line.length || begun === MAX_DONE) {
      line = line.slice(begun);
      begun = 0;
    }
    // All promises that the work has settled run before a tick does.
    if (line.length > 0) queueMicrotask(() => process.nextTick(goOn));
  }
}

function goOn(): void {
  if (performance.now() < until) next();
  else setImmediate(begin);
}
