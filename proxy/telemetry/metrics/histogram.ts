/** A distribution in plain numbers; to count a value takes one search and three additions. */
export class Histogram {
  /** Upper bounds of the buckets, ascending; the last bucket, above them all, has none. */
  readonly bounds: readonly number[];
  /** Number of values in each bucket; there is one more bucket than there are bounds. */
  readonly buckets: number[];
  count = 0;
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.buckets = new Array(bounds.length + 1).fill(0);
  }

  /** Counts a value; a bound belongs to the bucket below it. */
  observe(value: number): void {
    const { bounds, buckets } = this;
    let i = 0;
    while (i < bounds.length && value > (bounds[i] ?? 0)) i += 1;
    buckets[i] = (buckets[i] ?? 0) + 1;
    this.count += 1;
    this.sum += value;
  }
}

/** Seconds, as the HTTP semantic conventions advise for http.server.request.duration. */
export const REQUEST_SECONDS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
/** Seconds that a message spends within the proxy. */
export const PROXY_SECONDS: readonly number[] = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5,
];
/** Seconds that the store of the fleet takes for an answer. */
export const STORE_SECONDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
];
/** Seconds from one end of a connection, a session or a wait to the other: up to two days. */
export const LIFE_SECONDS: readonly number[] = [
  0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400, 43_200, 86_400, 172_800,
];
/** Bytes of a message. */
export const MESSAGE_BYTES: readonly number[] = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];
