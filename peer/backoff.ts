import type { Retry } from '../proxy/wire/close.js';

/** The waits of a peer before it dials again. All times in milliseconds. */
export interface BackoffBounds {
  /** Upper end of the first pause; it doubles with each failure in a row. */
  readonly base: number;
  /** Upper end of every later pause after `now`: nobody answers, so that a dial costs little. */
  readonly cap: number;
  /** The same after `later`: a proxy that has too much to do must see its peers spread out. */
  readonly laterCap: number;
  /** Shortest wait after `later` where the other side names no time. */
  readonly later: number;
  /** The same after a restart, or where another replica is about to take over, on top of the time that the proxy named. */
  readonly restartCap: number;
  /** Longest first wait after `never`; the shortest is half of it, and it doubles with each failure in a row. */
  readonly never: number;
  /** Longest wait after `never`. */
  readonly neverCap: number;
}

/**
 * A proxy that restarts has its peers again within 10 s of being ready: those whose dials fail come every 8 s at most, those who
 * were told to wait 5 s at most 3 s after it. A peer that is refused by policy or for its certificate comes every 25 s at most: within
 * half a minute of the mending, and hardly more often than deployed peers, which dial every 20 s.
 */
export const defaultBackoff: BackoffBounds = {
  base: 500,
  cap: 8_000,
  laterCap: 30_000,
  later: 2_000,
  restartCap: 3_000,
  never: 2_000,
  neverCap: 25_000,
};

/** The cause of a wait. */
export interface BackoffCause {
  readonly retry: Retry;
  /** Seconds that the other side asks for. */
  readonly retryAfter?: number;
  /** The proxy restarts, and will be back in a moment. */
  readonly restarts?: boolean;
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
  const growth = 2 ** Math.min(failures - 1, 30);
  const jitter = (cap: number): number => random * Math.min(cap, bounds.base * growth);
  const asked = cause.retryAfter === undefined ? undefined : cause.retryAfter * 1000;
  switch (cause.retry) {
    case 'now':
      return (asked ?? 0) + jitter(asked !== undefined && cause.restarts === true ? bounds.restartCap : bounds.cap);
    case 'later':
      if (cause.restarts !== true) return (asked ?? bounds.later) + jitter(bounds.laterCap);
      return asked === undefined ? bounds.later + jitter(bounds.cap) : asked + random * bounds.restartCap;
    case 'never': {
      const longest = Math.min(bounds.neverCap, bounds.never * growth);
      return Math.max(asked ?? 0, longest / 2) + (random * longest) / 2;
    }
  }
}
