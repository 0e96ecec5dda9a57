import { setTimeout } from 'node:timers/promises';
import { status as Code, type ServiceError } from '@grpc/grpc-js';
import type { WatchSessionsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { reasonOf } from '../proxy/control/rpc/error-details.js';
import type { Connection } from './connection.js';
import { isCancelled } from './failure.js';

/** Time between two attempts to go on where a connection broke, milliseconds. */
export const RETRY_TIME = 500;

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
  const place = new Place(connection.timeout);
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
    if (next === 'nowhere') throw connection.failure(failed);
    if (next === 'from_the_start') viewer.startOver();
    else await setTimeout(RETRY_TIME);
  }
}

/** Where a watch goes on when its stream has failed. */
class Place {
  token = '';
  readonly #patience: number;
  #brokenSince: number | undefined;

  /** @param patience time for which a connection that breaks is made again, milliseconds */
  constructor(patience: number) {
    this.#patience = patience;
  }

  heard({ resume_token: token }: WatchSessionsResponse__Output): void {
    this.#brokenSince = undefined;
    if (token !== '') this.token = token;
  }

  after(failure: ServiceError, now: number): 'from_the_start' | 'here' | 'nowhere' {
    if (MUST_START_OVER.has(reasonOf(failure))) {
      this.token = '';
      return 'from_the_start';
    }
    this.#brokenSince ??= now;
    // A failure without a reason is nobody's word: the edge or the library says that the line is broken.
    const isBroken = failure.code === Code.UNAVAILABLE || reasonOf(failure) === '';
    const isHopeful = this.token !== '' && now - this.#brokenSince <= this.#patience;
    return isBroken && isHopeful ? 'here' : 'nowhere';
  }
}

const MUST_START_OVER: ReadonlySet<string> = new Set(['WATCHER_TOO_SLOW', 'RESUME_TOKEN_EXPIRED']);
