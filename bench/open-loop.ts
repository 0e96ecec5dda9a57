import { performance } from 'node:perf_hooks';
import { Exchange, MAX_UNANSWERED, type MessageSizes, templatesOf } from './exchange.js';
import { closePairs, openPairs, type Pair } from './pair.js';
import type { DialTarget } from './target.js';
import { MeasuredWindow, type Measurement, type ProcessIds, type WindowPlan } from './window.js';

export interface OpenLoopPlan extends MessageSizes, WindowPlan {
  readonly pairs: number;
  /** Requests a second of all pairs together. */
  readonly rate: number;
}

/** Longest sleep between two looks at what is due, milliseconds: what the timers of Node can do. */
const LOOK_MS = 1;

/**
 * Requests by the clock, whether or not earlier ones were answered, each timed from when it was due and not from when it left:
 * a proxy that stops for a second is charged for every request of that second (no coordinated omission).
 */
export async function openLoop(target: DialTarget, plan: OpenLoopPlan, watched: ProcessIds): Promise<Measurement> {
  const pairs = await openPairs(target, plan.pairs);
  try {
    return await new OpenLoop(pairs, plan).run(watched);
  } finally {
    closePairs(pairs);
  }
}

class OpenLoop {
  readonly #plan: OpenLoopPlan;
  readonly #exchanges: readonly Exchange[];
  readonly #window = new MeasuredWindow();
  readonly #broken = new AbortController();
  readonly #gap: number;
  #due = performance.now();
  #turn = 0;

  constructor(pairs: readonly Pair[], plan: OpenLoopPlan) {
    this.#plan = plan;
    this.#gap = 1000 / plan.rate;
    const templates = templatesOf(plan);
    const broken = (why: string): void => this.#broken.abort(new Error(why));
    const answered = (ms: number): void => {
      this.#window.answered(ms);
      this.#send();
    };
    this.#exchanges = pairs.map((pair) => new Exchange(pair, templates, answered, broken));
  }

  async run(watched: ProcessIds): Promise<Measurement> {
    const timer = setInterval(() => this.#send(), LOOK_MS);
    try {
      return await this.#window.run(this.#plan, watched, this.#broken.signal);
    } finally {
      clearInterval(timer);
    }
  }

  /** Sends everything that is due by now. */
  #send(): void {
    const now = performance.now();
    if (this.#due > now) return;
    while (this.#due <= now) {
      const exchange = this.#exchanges[this.#turn % this.#exchanges.length];
      this.#turn += 1;
      if (exchange === undefined || exchange.unanswered >= MAX_UNANSWERED) {
        this.#broken.abort(new Error(`${this.#plan.rate} requests a second are more than it can relay`));
        return;
      }
      exchange.ask(this.#due);
      this.#due += this.#gap;
    }
    for (const exchange of this.#exchanges) exchange.flush();
  }
}
