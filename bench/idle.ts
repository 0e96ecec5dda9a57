import { fewAtATime, meetups } from './meetups.js';
import { closePairs, openPair, openPairs, type Pair } from './pair.js';
import type { DialTarget } from './target.js';

/** Connections that are being made at any time: wide enough to be quick, below what an edge lets in at once. */
const AT_ONCE = 32;

/** Sessions that stay open and relay nothing. */
export interface IdleSessions {
  /** Connections that ended although nobody asked. */
  lost(): number;
  close(): void;
}

export async function openIdle(target: DialTarget, sessions: number): Promise<IdleSessions> {
  const pairs: readonly Pair[] = await openPairs(target, sessions, AT_ONCE);
  let lost = 0;
  for (const { asker, answerer } of pairs) {
    for (const link of [asker, answerer]) {
      link.onEnd = () => {
        lost += 1;
      };
    }
  }
  return { lost: () => lost, close: () => closePairs(pairs) };
}

/** So many sessions that are set up and closed at once, a few at a time. */
export async function comeAndGo(target: DialTarget, sessions: number): Promise<void> {
  await fewAtATime(meetups(sessions), AT_ONCE, async (meetup) => closePairs([await openPair(target, meetup)]));
}
