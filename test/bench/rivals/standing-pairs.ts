import { performance } from 'node:perf_hooks';
import { Exchange, type ExchangePair, type Templates } from '../../../bench/exchange.js';
import { MeasuredWindow, type Measurement, type ProcessIds, type WindowPlan } from '../../../bench/window.js';

/** Two peers that met, and the messages that they exchange. */
export interface StandingPair {
  readonly pair: ExchangePair;
  readonly templates: Templates;
  /** Drops both connections. */
  close(): void;
}

/** Pairs that stay open while one load after another goes over them. */
export class StandingPairs {
  readonly #exchanges: readonly Exchange[];
  readonly #broken = new AbortController();
  #answered: (exchange: Exchange, ms: number) => void = () => {};

  constructor(pairs: readonly StandingPair[]) {
    this.#exchanges = pairs.map(({ pair, templates }) => {
      const answered = (ms: number): void => this.#answered(exchange, ms);
      const broken = (why: string): void => this.#broken.abort(new Error(why));
      const exchange: Exchange = new Exchange(pair, templates, answered, broken);
      return exchange;
    });
  }

  /** One request is under way at any time, and the pairs take turns. */
  inTurns(plan: WindowPlan, watched: ProcessIds): Promise<Measurement> {
    let turn = 0;
    return this.#run(plan, watched, this.#exchanges.slice(0, 1), () => {
      turn += 1;
      return this.#exchanges[turn % this.#exchanges.length];
    });
  }

  /** Each pair has one request under way at any time. */
  allAtOnce(plan: WindowPlan, watched: ProcessIds): Promise<Measurement> {
    return this.#run(plan, watched, this.#exchanges, (answered) => answered);
  }

  /** Begins with `first`; when an exchange is answered, the one that `next` names asks. Resolves when the last answer has come. */
  async #run(
    plan: WindowPlan,
    watched: ProcessIds,
    first: readonly Exchange[],
    next: (answered: Exchange) => Exchange | undefined,
  ): Promise<Measurement> {
    const window = new MeasuredWindow();
    this.#answered = (exchange, ms) => {
      window.answered(ms);
      next(exchange)?.ask(performance.now());
    };
    for (const exchange of first) exchange.ask(performance.now());
    const measured = await window.run(plan, watched, this.#broken.signal);
    await this.#rest();
    return measured;
  }

  /** Nobody asks any more; resolves when every answer has come. */
  #rest(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = this.#broken;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#answered = () => {
        if (this.#exchanges.every(({ unanswered }) => unanswered === 0)) resolve();
      };
    });
  }
}
