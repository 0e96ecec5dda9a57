import type { Retry } from '../proxy/wire/close.js';

/** How long a peer waits before it dials again. All times in milliseconds. */
export interface BackoffBounds {
  /** Upper end of the first wait; it doubles with each failure in a row. */
  readonly base: number;
  /** Upper end of every later wait. */
  readonly cap: number;
  /** Shortest wait after `later` where the other side names no time. */
  readonly later: number;
  /** Longest wait after `never`; the shortest is half of it. */
  readonly never: number;
}

/** Half a second, doubling up to 30 s; 2 s at least where asked to come later; 2.5 to 5 minutes where asked not to come. */
export const defaultBackoff: BackoffBounds = { base: 500, cap: 30_000, later: 2_000, never: 300_000 };

/** What asks for the wait. */
export interface BackoffCause {
  readonly retry: Retry;
  /** Seconds that the other side asks for. */
  readonly retryAfter?: number;
}

/**
 * Milliseconds to wait: full jitter (uniform from 0 to the doubled base, capped), so that thousands of peers that lost one proxy
 * do not come back together. A time that the other side names, or `later` implies, comes first and the jitter after it. `never`
 * slows down but does not give up: the operator may change the policy, or the certificate may be renewed.
 *
 * @param failures failures in a row, this one included, at least 1
 * @param random uniform in [0, 1)
 */
export function backoff(cause: BackoffCause, failures: number, random: number, bounds: BackoffBounds): number {
  // 2^30 is beyond every cap and still exact.
  const jitter = random * Math.min(bounds.cap, bounds.base * 2 ** Math.min(failures - 1, 30));
  const asked = cause.retryAfter === undefined ? undefined : cause.retryAfter * 1000;
  switch (cause.retry) {
    case 'now':
      return (asked ?? 0) + jitter;
    case 'later':
      return (asked ?? bounds.later) + jitter;
    case 'never':
      return Math.max(asked ?? 0, bounds.never / 2) + (random * bounds.never) / 2;
  }
}
