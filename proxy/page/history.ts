import type { Point } from '../../page/answer.js';
import { DurationCounts } from '../../page/buckets.js';
import type { Clock } from '../ports/clock.js';
import { proxyTime } from '../telemetry/calls/invocation-counts.js';
import type { Invocation } from '../telemetry/calls/invocation-table.js';
import type { InvocationTally } from '../telemetry/calls/journal.js';
import { failureClassOf, type Outcome, outcomes } from '../wire/invocation.js';
import { Ring } from './recent.js';

/** Length of an interval, milliseconds, and number of intervals that are remembered: ten minutes. */
export const INTERVAL = 2_000;
export const INTERVALS = 300;

/** Messages and bytes that the process has relayed so far. */
export interface RelayTotals {
  readonly messages: number;
  readonly bytes: number;
}

/** The data of the charts: the last ten minutes in intervals. */
export class History implements InvocationTally {
  readonly #clock: Clock;
  readonly #ring = new Ring<Point>(INTERVALS);
  readonly #total = new DurationCounts();
  readonly #proxy = new DurationCounts();
  #ok = 0;
  #failed = 0;
  #answered4xx = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins to close an interval every `INTERVAL`; the function returned stops it. */
  start(relayed: () => RelayTotals): () => void {
    let before = { ...relayed(), at: this.#clock.steady() };
    return this.#clock.every(INTERVAL, () => {
      const now = { ...relayed(), at: this.#clock.steady() };
      this.#close(now.at - before.at, now.messages - before.messages, now.bytes - before.bytes);
      before = now;
    });
  }

  after(sequence: number): readonly Point[] {
    return this.#ring.items.filter((one) => one.sequence > sequence);
  }

  tally(invocation: Invocation, outcome: Outcome, endedAt: number): void {
    const failure = failureClassOf(outcome, invocation.status);
    if (failure === 'answered_4xx') this.#answered4xx += 1;
    else if (failure !== undefined) this.#failed += 1;
    else if (!outcomes[outcome].error) this.#ok += 1;
    if (outcome !== 'ok' && outcome !== 'http_error') return;
    this.#total.observe(endedAt - invocation.started);
    this.#proxy.observe(proxyTime(invocation, endedAt));
  }

  #close(ms: number, messages: number, bytes: number): void {
    const at = this.#clock.now();
    const [ok, failed, answered4xx] = [this.#ok, this.#failed, this.#answered4xx];
    const [total, proxy] = [this.#total.take(), this.#proxy.take()];
    this.#ok = 0;
    this.#failed = 0;
    this.#answered4xx = 0;
    this.#ring.add((sequence) => ({ sequence, at, ms, ok, failed, answered4xx, total, proxy, messages, bytes }));
  }
}
