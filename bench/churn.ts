import { setTimeout as wait } from 'node:timers/promises';
import { Exchange, templatesOf } from './exchange.js';
import { closePairs, openPair, type Pair } from './pair.js';
import type { DialTarget } from './target.js';

export interface ChurnPlan {
  readonly seconds: number;
  /** Pairs that live at any time. */
  readonly pairs: number;
  /** Longest life of a pair, milliseconds; lives are spread evenly below it. */
  readonly longestLifeMs: number;
}

export interface ChurnResult {
  /** Pairs that lived and were ended. */
  readonly pairs: number;
  readonly exchanges: number;
  /** Pairs that the proxy ended, or whose answers came out of order, and why; a fault each. */
  readonly faults: readonly string[];
}

/** Bodies of requests; the answers are as long. */
const SIZES = [16, 200, 2_000, 60_000, 300_000] as const;
/** The ways in which a pair dies: politely, by a cut line, while one side has stopped reading, or while messages are under way. */
const DEATHS = ['close', 'cut', 'stuck', 'busy'] as const;
const IN_FLIGHT = 4;
const MAX_FAULTS = 20;

/** Pairs that come, talk in messages of mixed sizes, and die in every way, again and again. */
export class Churn {
  readonly #target: DialTarget;
  readonly #plan: ChurnPlan;
  readonly #faults: string[] = [];
  #pairs = 0;
  #exchanges = 0;

  constructor(target: DialTarget, plan: ChurnPlan) {
    this.#target = target;
    this.#plan = plan;
  }

  async run(): Promise<ChurnResult> {
    const until = Date.now() + this.#plan.seconds * 1000;
    await Promise.all(Array.from({ length: this.#plan.pairs }, (_, lane) => this.#lane(lane, until)));
    return { pairs: this.#pairs, exchanges: this.#exchanges, faults: this.#faults };
  }

  async #lane(lane: number, until: number): Promise<void> {
    for (let life = 0; Date.now() < until && this.#faults.length < MAX_FAULTS; life += 1) {
      try {
        await this.#live(`soak-${process.pid}-${lane}-${life}`, lane + life);
      } catch (error) {
        this.#faults.push(error instanceof Error ? error.message : String(error));
      }
    }
  }

  async #live(meetup: string, turn: number): Promise<void> {
    const pair = await openPair(this.#target, meetup);
    const bytes = SIZES[turn % SIZES.length] ?? 0;
    let dying = false;
    const answered = (): void => {
      this.#exchanges += 1;
      if (!dying) exchange.ask(0);
    };
    const broken = (why: string): void => {
      if (!dying) this.#faults.push(why);
    };
    const exchange: Exchange = new Exchange(
      pair,
      templatesOf({ requestBytes: bytes, answerBytes: bytes }),
      answered,
      broken,
    );
    for (let count = 0; count < IN_FLIGHT; count += 1) exchange.ask(0);
    exchange.flush();
    await wait(Math.random() * this.#plan.longestLifeMs);
    dying = true;
    await die(pair, DEATHS[Math.floor(turn / SIZES.length) % DEATHS.length] ?? 'close', exchange);
    this.#pairs += 1;
  }
}

/** Time for which a side does not read before its line is cut, milliseconds. */
const STUCK_MS = 500;

async function die(pair: Pair, death: (typeof DEATHS)[number], exchange: Exchange): Promise<void> {
  if (death === 'close') return closePairs([pair]);
  if (death === 'stuck') {
    pair.answerer.socket.pause();
    while (exchange.unanswered < 64) exchange.ask(0);
    exchange.flush();
    await wait(STUCK_MS);
  }
  if (death === 'busy') {
    pair.asker.close();
    return;
  }
  pair.answerer.socket.destroy();
  pair.asker.socket.destroy();
}
