import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { dial, Link } from './link.js';
import { meetups } from './meetups.js';
import { greet } from './pair.js';
import { type DialTarget, planOf } from './target.js';
import { type Usage, usageOfAll, usedBetween } from './usage.js';
import type { ProcessIds } from './window.js';

const SIDES = ['asker', 'answerer'] as const;
/** A request that Envoy answers by itself: nothing behind it hears of it. */
const NOWHERE = 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** Milliseconds for all handshakes of a crowd, and between two tries of one. */
const KNOCK_MS = 120_000;
const PAUSE_MS = 50;

/** How the peers of a crowd fared. */
export interface Arrival {
  /** From the first dial until the fate of the last peer was known. */
  readonly seconds: number;
  /** Peers by what they were refused with; empty where all were paired. */
  readonly refused: Readonly<Record<string, number>>;
  /** CPU time meanwhile, and memory at the end. */
  readonly usage: Readonly<Record<string, Usage>>;
}

/** Both peers of many pairs, who all dial in one turn, and each say HELLO as soon as they may. */
export class Crowd {
  readonly arrival: Arrival;
  readonly #links: readonly Link[];

  private constructor(arrival: Arrival, links: readonly Link[]) {
    this.arrival = arrival;
    this.#links = links;
  }

  static async come(target: DialTarget, pairs: number, watched: ProcessIds): Promise<Crowd> {
    const before = usageOfAll(watched);
    const start = performance.now();
    const dials = [...meetups(pairs)].flatMap((meetup) =>
      SIDES.map(async (side) => {
        const link = await Link.open(planOf(target, side, meetup));
        await greet(link, side);
        return link;
      }),
    );
    const fates = await Promise.allSettled(dials);
    const seconds = (performance.now() - start) / 1000;
    const usage = usedBetween(before, usageOfAll(watched));
    const refused: Record<string, number> = {};
    const links: Link[] = [];
    for (const fate of fates) {
      if (fate.status === 'fulfilled') {
        links.push(fate.value);
        continue;
      }
      const why = fate.reason instanceof Error ? fate.reason.message : String(fate.reason);
      refused[why] = (refused[why] ?? 0) + 1;
    }
    for (const link of links) link.onEnd = () => {};
    return new Crowd({ seconds, refused, usage }, links);
  }

  /** Cuts the lines of all, without a word. */
  drop(): void {
    for (const { socket } of this.#links) socket.destroy();
  }
}

/** As many handshakes at once, each answered by Envoy itself; returns the seconds until the last answer. */
export async function knock(target: DialTarget, pairs: number): Promise<number> {
  const start = performance.now();
  const sides = Array.from({ length: pairs }, () => SIDES).flat();
  await Promise.all(
    sides.map(async (side) => {
      // Whoever was turned away comes again, as peers do.
      while (!(await isAnswered(target, side))) {
        if (performance.now() - start > KNOCK_MS) throw new Error(`a handshake had no answer for ${KNOCK_MS / 1000} s`);
        await delay(PAUSE_MS);
      }
    }),
  );
  return (performance.now() - start) / 1000;
}

function isAnswered(target: DialTarget, side: (typeof SIDES)[number]): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(planOf(target, side, 'nowhere'));
    socket.on('error', () => {});
    socket.once('close', () => resolve(false));
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.write(NOWHERE);
  });
}
