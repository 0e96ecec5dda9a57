/** Part of a shared bound that is kept for those who hold little of it. */
const RESERVE = 0.1;
/** Part of the bound below which somebody holds little. */
const LITTLE = 0.01;

/** Least bound of which something is kept: of a smaller one a hundredth is nothing. */
const LEAST_BOUND = 100;

/** Of a bound: how many are kept, and for those who hold fewer than how many. */
export interface Reserve {
  readonly kept: number;
  readonly fewerThan: number;
}

export function reserveOf(bound: number): Reserve {
  if (bound < LEAST_BOUND) return { kept: 0, fewerThan: 0 };
  return { kept: Math.floor(bound * RESERVE), fewerThan: Math.floor(bound * LITTLE) };
}

/**
 * Whether somebody who holds `own` may have one more while `used` of `bound` are taken by all: so that no certificate, nor a handful of
 * them, takes all there is, and yet one that a whole fleet shares may hold nine tenths of it.
 */
export function mayHaveOneMore(bound: number, used: number, own: number): boolean {
  const { kept, fewerThan } = reserveOf(bound);
  return used < (own < fewerThan ? bound : bound - kept);
}
