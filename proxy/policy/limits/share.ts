/** Part of a shared bound that is kept for holders of little. */
const RESERVE = 0.1;
/** Part of the bound below which a holder holds little. */
const LITTLE = 0.01;

/** Least bound with a reserve: a hundredth of a smaller bound is nothing. */
const LEAST_BOUND = 100;

/** The reserve of a bound: its size, and the holding below which a holder may use it. */
export interface Reserve {
  readonly kept: number;
  readonly fewerThan: number;
}

export function reserveOf(bound: number): Reserve {
  if (bound < LEAST_BOUND) return { kept: 0, fewerThan: 0 };
  return { kept: Math.floor(bound * RESERVE), fewerThan: Math.floor(bound * LITTLE) };
}

/**
 * Whether a holder of `own` pieces may have one more while all holders together use `used` of `bound`. A certificate, or a handful of
 * them, cannot take everything, and yet a certificate that a whole fleet shares may hold nine tenths.
 */
export function mayHaveOneMore(bound: number, used: number, own: number): boolean {
  const { kept, fewerThan } = reserveOf(bound);
  return used < (own < fewerThan ? bound : bound - kept);
}
