import { NatsLink } from '../line/link.js';
import type { NatsSettings } from '../line/settings.js';
import { Requests } from '../requests.js';
import { type Names, namesOf } from '../subjects.js';

/** A connection for one look or one change. */
export interface Visit {
  readonly requests: Requests;
  readonly names: Names;
  readonly link: NatsLink;
}

/** NATS cannot be reached; the message says why. */
export class NatsUnreachable extends Error {
  override readonly name = 'NatsUnreachable';
}

/**
 * Connects, does the work, and ends the connection. Throws NatsUnreachable when no server of the settings takes us, after one round over them or
 * `patience`, milliseconds; NatsFileError as NatsLink does; and what the work throws.
 */
export async function visitNats<T>(
  settings: NatsSettings,
  patience: number,
  work: (visit: Visit) => Promise<T>,
): Promise<T> {
  let unreachable: (why: string) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    unreachable = (why) => reject(new NatsUnreachable(why));
  });
  failed.catch(() => {});
  // A dial that goes on when the patience ends would keep the process alive.
  const link = NatsLink.open(
    { ...settings, dialTime: patience },
    {
      tell(level, _, detail = '') {
        if (level === 'error' && !link.connected) unreachable(detail);
      },
    },
  );
  const timer = setTimeout(() => unreachable('no answer in time'), patience);
  try {
    await Promise.race([failed, connected(link)]);
    return await work({ link, requests: new Requests(link), names: namesOf(settings.cluster) });
  } finally {
    clearTimeout(timer);
    await link.close();
  }
}

function connected(link: NatsLink): Promise<void> {
  return new Promise((resolve) => {
    if (link.connected) resolve();
    else link.onConnection((now) => now && resolve());
  });
}
