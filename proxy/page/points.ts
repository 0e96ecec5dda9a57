import type { Point } from '../../page/answer.js';
import { bucketOf, DurationCounts, type SparseCounts } from '../../page/buckets.js';
import type { Clock } from '../ports/clock.js';
import { type InvocationCounts, proxyTime } from '../telemetry/calls/invocation-counts.js';
import type { Invocation } from '../telemetry/calls/invocation-table.js';
import type { Audience, InvocationTally } from '../telemetry/calls/journal.js';
import type { Histogram } from '../telemetry/metrics/histogram.js';
import type { Outcome } from '../wire/invocation.js';

/** Length of an interval, milliseconds, and number of intervals that are remembered: ten minutes. */
export const INTERVAL = 2_000;
export const INTERVALS = 300;
/** Time after a question for which durations are counted exactly, milliseconds. */
export const LOOKED_AT = 10_000;

/**
 * The data of the charts: the last ten minutes in intervals. They are read from the counts of the metrics, so that a call costs nothing more;
 * only while somebody looks its durations are counted in finer buckets than the metrics have.
 */
export class Points implements InvocationTally {
  readonly #clock: Clock;
  readonly #counts: InvocationCounts;
  readonly #readInvocations: (audience: Audience) => () => void;
  #points: readonly Point[] = [];
  #sequence = 0;
  #before: Reading;
  readonly #total = new DurationCounts();
  readonly #proxy = new DurationCounts();
  /** The exact count, and since when it goes, steady clock; undefined while nobody looks. */
  #counting: { readonly since: number; readonly stop: () => void } | undefined;
  #cancelRest: () => void = () => {};
  readonly #stopTimer: () => void;

  constructor(clock: Clock, counts: InvocationCounts, readInvocations: (audience: Audience) => () => void) {
    this.#clock = clock;
    this.#counts = counts;
    this.#readInvocations = readInvocations;
    this.#before = readingOf(counts, clock.steady());
    this.#stopTimer = clock.every(INTERVAL, () => this.#close());
  }

  /** Whether each call is counted, since somebody looks. */
  get isCounting(): boolean {
    return this.#counting !== undefined;
  }

  /** Stops everything. */
  close(): void {
    this.#stopTimer();
    this.#cancelRest();
    this.#rest();
  }

  /** Somebody looks. */
  asked(): void {
    this.#counting ??= {
      since: this.#clock.steady(),
      stop: this.#readInvocations({ readers: [], tallies: [this] }),
    };
    this.#cancelRest();
    this.#cancelRest = this.#clock.after(LOOKED_AT, () => this.#rest());
  }

  after(sequence: number): readonly Point[] {
    return this.#points.filter((one) => one.sequence > sequence);
  }

  tally(invocation: Invocation, outcome: Outcome, endedAt: number): void {
    if (outcome !== 'ok' && outcome !== 'http_error') return;
    this.#total.observe(endedAt - invocation.started);
    this.#proxy.observe(proxyTime(invocation, endedAt));
  }

  #rest(): void {
    this.#counting?.stop();
    this.#counting = undefined;
  }

  #close(): void {
    const before = this.#before;
    const now = readingOf(this.#counts, this.#clock.steady());
    this.#before = now;
    const [total, proxy] = [this.#total.take(), this.#proxy.take()];
    const isExact = this.#counting !== undefined && this.#counting.since <= before.at;
    this.#sequence += 1;
    const point: Point = {
      sequence: this.#sequence,
      at: this.#clock.now(),
      ms: now.at - before.at,
      ok: now.ok - before.ok,
      failed: now.failed - before.failed,
      answered4xx: now.answered4xx - before.answered4xx,
      total: isExact ? total : coarse(now.total, before.total),
      proxy: isExact ? proxy : coarse(now.proxy, before.proxy),
      messages: now.messages - before.messages,
      bytes: now.bytes - before.bytes,
    };
    this.#points = [...this.#points, point].slice(-INTERVALS);
  }
}

/** The counts at one moment; those of durations by the middle of their bucket, milliseconds. */
interface Reading {
  readonly at: number;
  readonly ok: number;
  readonly failed: number;
  readonly answered4xx: number;
  readonly messages: number;
  readonly bytes: number;
  readonly total: ReadonlyMap<number, number>;
  readonly proxy: ReadonlyMap<number, number>;
}

function readingOf(counts: InvocationCounts, at: number): Reading {
  const { outcomes, failures, sizes, durations, proxySeconds } = counts;
  return {
    at,
    ok: outcomes.ok + outcomes.one_way,
    failed: failures.not_answered + failures.answered_5xx,
    answered4xx: failures.answered_4xx,
    messages: sizes.count,
    bytes: sizes.sum,
    total: bucketsOf(Array.from(durations, ({ histogram }) => histogram)),
    proxy: bucketsOf([proxySeconds]),
  };
}

function bucketsOf(histograms: readonly Histogram[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { bounds, buckets } of histograms) {
    for (const [i, count] of buckets.entries()) {
      if (count === 0) continue;
      const below = bounds[i - 1] ?? (bounds[0] ?? 0) / 4;
      const middle = Math.sqrt(below * (bounds[i] ?? below * 2)) * 1000;
      sums.set(middle, (sums.get(middle) ?? 0) + count);
    }
  }
  return sums;
}

/** What was added, as the page counts durations. */
function coarse(now: ReadonlyMap<number, number>, before: ReadonlyMap<number, number>): SparseCounts {
  return [...now].flatMap(([middle, count]) => {
    const added = count - (before.get(middle) ?? 0);
    return added > 0 ? [bucketOf(middle), added] : [];
  });
}
