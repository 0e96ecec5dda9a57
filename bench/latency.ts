import { build, type Histogram } from 'hdr-histogram-js';

/** Latencies in microseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Longest latency that is told apart, nanoseconds: a minute. */
const HIGHEST_NS = 60_000_000_000;
const SIGNIFICANT_DIGITS = 3;

/** Latencies in an HDR histogram: three significant digits from a microsecond to a minute. */
export class LatencyRecorder {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1000,
    highestTrackableValue: HIGHEST_NS,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
  });

  /** @param ns nanoseconds */
  record(ns: number): void {
    this.#histogram.recordValue(Math.min(Math.max(Math.round(ns), 1), HIGHEST_NS));
  }

  summary(): LatencySummary {
    const histogram = this.#histogram;
    const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1000;
    return {
      count: histogram.totalCount,
      mean: histogram.mean / 1000,
      p50: at(50),
      p90: at(90),
      p99: at(99),
      p999: at(99.9),
      max: histogram.maxValue / 1000,
    };
  }
}
