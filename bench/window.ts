import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { LatencyRecorder, type LatencySummary } from './latency.js';
import { type Usage, usageOfAll, usedBetween } from './usage.js';

/** Processes whose use is measured, by name. */
export type ProcessIds = Readonly<Record<string, number>>;

export interface WindowPlan {
  /** Load before anything is measured, milliseconds: code gets compiled, buffers find their size. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** The results of the measured time. */
export interface Measurement {
  readonly seconds: number;
  /** Requests that were answered. */
  readonly exchanges: number;
  readonly latency: LatencySummary;
  /** CPU time within it, and memory at its end. */
  readonly usage: Readonly<Record<string, Usage>>;
}

/** Counts answers while it is open. */
export class MeasuredWindow {
  readonly #latencies = new LatencyRecorder();
  #open = false;
  #exchanges = 0;

  /** One answer, `ms` after it was due. */
  readonly answered = (ms: number): void => {
    if (!this.#open) return;
    this.#exchanges += 1;
    this.#latencies.record(ms * 1e6);
  };

  /** Opens after the warm-up, closes after the measured time; `broken` ends it at once. */
  async run(plan: WindowPlan, watched: ProcessIds, broken: AbortSignal): Promise<Measurement> {
    await within(plan.warmUpMs, broken);
    const before = usageOfAll(watched);
    const start = performance.now();
    this.#open = true;
    await within(plan.measureMs, broken);
    this.#open = false;
    const seconds = (performance.now() - start) / 1000;
    const usage = usedBetween(before, usageOfAll(watched));
    return { seconds, exchanges: this.#exchanges, latency: this.#latencies.summary(), usage };
  }
}

/** Waits; rejects with the reason when the load broke meanwhile. */
async function within(ms: number, broken: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal: broken });
  } catch {
    throw broken.reason;
  }
}
