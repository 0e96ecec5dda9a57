import type { MeetupRecord } from './meetup-record.js';

/** Time that is looked back on, milliseconds. */
export const RECONNECT_TIME = 3_600_000;

/** Sessions of a meetup that have ended in the last hour, as far as the visits are kept. `now`: milliseconds since the epoch. */
export function reconnectsIn({ past }: Pick<MeetupRecord, 'past'>, now: number): number {
  const ended = new Set<string>();
  // Visits stand in the order in which they ended.
  for (const { session, went = 0 } of past.newestFirst()) {
    if (went <= now - RECONNECT_TIME) break;
    // Who came and went without a HELLO had no session.
    if (session !== '') ended.add(session);
  }
  return ended.size;
}
