import type { MetricName } from '../metrics/metric-table.js';
import type { MetricSource } from '../metrics/metrics.js';
import { type Sample, sampleOf, samplesBy } from '../metrics/sample.js';

/** The part of an SDK exporter that the counts use; its code for success is 0. */
interface Exporter<S> {
  export(spans: S[], done: (result: { code: number; error?: Error }) => void): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Counts the sampled spans by their fate, and bounds the number that wait. */
export class SpanCounts implements MetricSource {
  /** Spans that may wait for the collector, the batch under way included. */
  readonly #bound: number;
  readonly #told: (isTaken: boolean, error?: Error) => void;
  #queued = 0;
  #exported = 0;
  #lost = 0;
  #dropped = 0;
  #isTaken = true;

  /** @param told is called once when the collector stops taking spans, and once when it takes them again */
  constructor(bound: number, told: (isTaken: boolean, error?: Error) => void) {
    this.#bound = bound;
    this.#told = told;
  }

  /** Takes room for one more span; false when there is none, and then the span counts as dropped. */
  admit(): boolean {
    if (this.#queued >= this.#bound) {
      this.#dropped += 1;
      return false;
    }
    this.#queued += 1;
    return true;
  }

  /** Wraps the exporter to count the fate of each batch. */
  counting<S>(inner: Exporter<S>) {
    return {
      export: (spans: S[], done: (result: { code: number; error?: Error }) => void): void =>
        inner.export(spans, (result) => {
          this.#ended(spans.length, result);
          done(result);
        }),
      forceFlush: () => inner.forceFlush?.() ?? Promise.resolve(),
      shutdown: () => inner.shutdown(),
    };
  }

  samples(): [MetricName, Sample[]][] {
    const results = { exported: this.#exported, lost: this.#lost, dropped: this.#dropped };
    return [
      ['ws_proxy.spans', samplesBy('result', Object.entries(results))],
      ['ws_proxy.spans.queued', sampleOf(this.#queued)],
    ];
  }

  #ended(count: number, { code, error }: { code: number; error?: Error }): void {
    const isTaken = code === 0;
    this.#queued -= count;
    if (isTaken) this.#exported += count;
    else this.#lost += count;
    if (isTaken !== this.#isTaken) this.#told(isTaken, error);
    this.#isTaken = isTaken;
  }
}
