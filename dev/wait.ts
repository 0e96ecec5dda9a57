import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks at a thing that does not say when it is ready. */
const LOOK_EVERY_MS = 25;
/** Milliseconds for one answer of a probe. */
const PROBE_MS = 1_000;

/** The wait went on for too long; the message says what was waited for. */
export class WaitError extends Error {
  override readonly name = 'WaitError';
}

/** Looks again and again until `probe` gives a value. Throws a WaitError after `timeoutMs`, the signal's reason on abort. */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  signal: AbortSignal,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const value = await probe();
    if (value !== undefined) return value;
    await delay(LOOK_EVERY_MS);
  }
  throw new WaitError(`${what} within ${timeoutMs / 1000} s`);
}

/** The body of a 200, undefined for everything else, no answer included. */
export async function get(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) });
    const body = await response.text();
    return response.status === 200 ? body : undefined;
  } catch {
    return undefined;
  }
}

/** True when somebody accepts there: a TCP port of this machine or a unix socket. */
export function accepts(where: number | string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = typeof where === 'string' ? connect(where) : connect(where, '127.0.0.1');
    const answer = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(PROBE_MS, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
