import type { WatchSessionsRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsRequest.js';
import type { WatchSessionsResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { asFailure, isServiceError } from './failure.js';
import { type ControlLine, type StreamOptions, USUAL_TIMEOUT } from './line.js';
import { type Next, RETRY_TIME, WatchPlace } from './watch-place.js';

/** What a watch of sessions tells: an event of the server, or that the watch starts over. */
export type SessionNews =
  | { readonly kind: 'event'; readonly event: WatchSessionsResponse__Output }
  /** What happened meanwhile is not known: forget every session. Those that live are told again. */
  | { readonly kind: 'started_over' };

/** Bounds of a watch that goes on by itself. */
export interface SessionWatchOptions extends StreamOptions {
  /** Time for which a connection that breaks is made again before the watch fails, milliseconds; 10 s when left out. */
  readonly patience?: number;
}

/** Watches sessions, and goes on where it was when the connection breaks. Throws ControlFailure. */
export async function* watchSessions(
  line: ControlLine,
  request: WatchSessionsRequest,
  { patience = USUAL_TIMEOUT, signal }: SessionWatchOptions,
): AsyncGenerator<SessionNews, void> {
  const place = new WatchPlace(patience);
  place.token = request.resume_token ?? '';
  const bounds = signal === undefined ? {} : { signal };
  do {
    try {
      const asked = { ...request, resume_token: place.token };
      for await (const event of line.readOnce((client, metadata) => client.watchSessions(asked, metadata), bounds)) {
        place.heard(event);
        yield { kind: 'event', event };
      }
      return;
    } catch (error) {
      const next = nextOf(line, place, error);
      if (next.t === 'from_the_start') yield { kind: 'started_over' };
      if (next.wait) await line.pause(RETRY_TIME, signal);
    }
  } while (!line.isClosed);
}

/** Where it goes on after that failure; throws what ends it as ControlFailure. */
function nextOf(line: ControlLine, place: WatchPlace, error: unknown): Exclude<Next, { readonly t: 'nowhere' }> {
  if (line.isClosed || !isServiceError(error)) throw asFailure(error);
  const next = place.after(error, Date.now());
  if (next.t === 'nowhere') throw asFailure(error);
  return next;
}
