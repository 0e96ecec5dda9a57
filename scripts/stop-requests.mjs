import { constants } from 'node:os';

/** Milliseconds after the first signal in which another signal is the same wish: npm passes on what the terminal has sent already. */
const SAME_WISH_MS = 1_000;
/** Milliseconds between two looks at whether npm is still there. */
const LOOK_EVERY_MS = 500;

const asked = new AbortController();
const urged = new AbortController();

/**
 * The requests to stop that the process got. `asked` is aborted by the first signal, `urged` by one that comes later than a second after
 * it; their reason is the signal's name. Neither ever is in a process that does not call `hearSignals`.
 */
export const stopRequests = { asked: asked.signal, urged: urged.signal };

/**
 * From here on SIGINT, SIGTERM and SIGHUP, however many, end nothing by themselves. The end of the npm that runs this script
 * counts as the first: npm dies of a SIGHUP, and a SIGKILL of it reaches nobody else.
 */
export function hearSignals() {
  let since;
  const hear = (signal) => {
    since ??= performance.now();
    asked.abort(signal);
    if (performance.now() - since > SAME_WISH_MS) urged.abort(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, hear);
  // A terminal that is gone takes nothing any more.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  if (process.env.npm_lifecycle_event === undefined) return;
  const { ppid } = process;
  const look = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(look);
    if (!asked.signal.aborted) hear('SIGHUP');
  }, LOOK_EVERY_MS);
  look.unref();
}

/** Exit code of a process that ended because of a signal, as shells count. */
export function codeOf(signal) {
  return 128 + constants.signals[signal];
}
