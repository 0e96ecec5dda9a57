/**
 * Durations on a logarithmic scale, so that a tenth of a millisecond and a minute fit one short list and percentiles can be read
 * off any stretch of time: four buckets double the value, which makes a percentile right to within a tenth.
 */

/** Upper bound of the lowest bucket, milliseconds. */
const LOWEST_MS = 0.01;
const PER_DOUBLING = 4;
/** Buckets in all: the last begins at about two minutes. */
export const BUCKETS = 96;

/** A list of bucket, count, bucket, count, …, as it is sent. */
export type SparseCounts = readonly number[];

/** The bucket of a duration in milliseconds. */
export function bucketOf(ms: number): number {
  if (!(ms > LOWEST_MS)) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log2(ms / LOWEST_MS) * PER_DOUBLING));
}

/** The middle of a bucket, milliseconds. */
export function middleOf(bucket: number): number {
  return LOWEST_MS * 2 ** ((bucket - 0.5) / PER_DOUBLING);
}

/** The duration that the given part (0 to 1) of all values stays at or below; undefined where there are none. */
export function percentile(lists: Iterable<SparseCounts>, part: number): number | undefined {
  const counts = new Array<number>(BUCKETS).fill(0);
  let all = 0;
  for (const list of lists) {
    for (let i = 0; i + 1 < list.length; i += 2) {
      const [bucket = 0, count = 0] = [list[i], list[i + 1]];
      counts[bucket] = (counts[bucket] ?? 0) + count;
      all += count;
    }
  }
  if (all === 0) return undefined;
  const rank = Math.max(1, Math.ceil(all * part));
  let below = 0;
  const found = counts.findIndex((count) => {
    below += count;
    return below >= rank;
  });
  return middleOf(found);
}

/** Counts of one interval. */
export class DurationCounts {
  readonly #counts = new Array<number>(BUCKETS).fill(0);

  observe(ms: number): void {
    const bucket = bucketOf(ms);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** Takes the counts so far, and begins anew. */
  take(): SparseCounts {
    const list = this.#counts.flatMap((count, bucket) => (count === 0 ? [] : [bucket, count]));
    this.#counts.fill(0);
    return list;
  }
}
