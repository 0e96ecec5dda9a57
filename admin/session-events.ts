import { setTimeout } from 'node:timers/promises';
import { RETRY_TIME, WatchPlace } from '../library/control/watch-place.js';
import type { WatchSessionsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import type { Connection } from './connection.js';
import { isCancelled } from './failure.js';

/** Who sees the events of a watch. */
export interface EventViewer {
  show(event: WatchSessionsResponse__Output): void;
  /** What happened meanwhile is not known: what lives now comes anew. */
  startOver(): void;
}

/**
 * Shows the events of the sessions that match, until the signal. A connection that breaks is made again, to whichever replica answers, and goes
 * on where it was. Rejects with AdminFailure.
 */
export async function followSessions(
  connection: Connection,
  filter: string,
  viewer: EventViewer,
  signal?: AbortSignal,
): Promise<void> {
  const place = new WatchPlace(connection.timeout);
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    const stream = connection.client.watchSessions({ filter, resume_token: place.token });
    const cancel = (): void => stream.cancel();
    signal?.addEventListener('abort', cancel);
    const failed = await connection.ending(stream, (event: WatchSessionsResponse__Output) => {
      place.heard(event);
      viewer.show(event);
    });
    signal?.removeEventListener('abort', cancel);
    if (failed === undefined || (isOver() && isCancelled(failed))) return;
    const next = place.after(failed, Date.now());
    if (next.t === 'nowhere') throw connection.failure(failed);
    if (next.t === 'from_the_start') viewer.startOver();
    if (next.wait) await setTimeout(RETRY_TIME);
  }
}
