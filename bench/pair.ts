import { Link } from './link.js';
import { fewAtATime, meetups } from './meetups.js';
import { helloText } from './messages.js';
import { type DialTarget, planOf } from './target.js';

/** Time for a pair to be joined, milliseconds. */
const JOIN_MS = 30_000;

/** Two generated peers that the proxy has joined. */
export interface Pair {
  readonly asker: Link;
  readonly answerer: Link;
}

/** Connects both sides and waits until each was sent the other's HELLO. Rejects with what was refused. */
export async function openPair(target: DialTarget, meetup: string): Promise<Pair> {
  const sides = await Promise.allSettled([
    Link.open(planOf(target, 'asker', meetup)),
    Link.open(planOf(target, 'answerer', meetup)),
  ]);
  const [asker, answerer] = sides.map((side) => (side.status === 'fulfilled' ? side.value : undefined));
  if (asker === undefined || answerer === undefined) {
    asker?.close();
    answerer?.close();
    throw sides.find((side) => side.status === 'rejected')?.reason;
  }
  await Promise.all([greet(asker, 'asker'), greet(answerer, 'answerer')]);
  return { asker, answerer };
}

/** The same with one side after the other: the answerer has said its HELLO and waits before the asker dials. */
export async function openPairInTurn(target: DialTarget, meetup: string): Promise<Pair> {
  const answerer = await Link.open(planOf(target, 'answerer', meetup));
  const greeted = greet(answerer, 'answerer');
  const dialled = Link.open(planOf(target, 'asker', meetup));
  try {
    await Promise.all([greeted, dialled.then((asker) => greet(asker, 'asker'))]);
    return { asker: await dialled, answerer };
  } catch (error) {
    answerer.close();
    throw error;
  }
}

/** Opens pairs, a few at a time. */
export async function openPairs(target: DialTarget, count: number, atOnce = 16): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  try {
    await fewAtATime(meetups(count), atOnce, async (meetup) => void pairs.push(await openPair(target, meetup)));
  } catch (error) {
    closePairs(pairs);
    throw error;
  }
  return pairs;
}

export function closePairs(pairs: readonly Pair[]): void {
  for (const { asker, answerer } of pairs) {
    for (const link of [asker, answerer]) {
      link.onEnd = () => {};
      link.close();
    }
  }
}

/** Says HELLO, and resolves when the other side's is there. */
export function greet(link: Link, peerId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not paired within ${JOIN_MS / 1000} s`)), JOIN_MS);
    link.onEnd = (reason) => {
      clearTimeout(timer);
      reject(new Error(`not paired: ${reason}`));
    };
    link.onMessage = () => {
      clearTimeout(timer);
      resolve();
    };
    link.sendText(helloText(peerId));
  });
}
