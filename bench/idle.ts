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
  const run = Math.random().toString(36).slice(2, 10);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let mine = next++; mine < sessions; mine = next++) closePairs([await openPair(target, `${run}-${mine}`)]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
