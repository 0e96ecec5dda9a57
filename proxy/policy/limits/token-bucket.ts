/**
 * A token bucket in two numbers, so that each connection can afford several. The caller passes in the time, in milliseconds of a steady
 * clock; if the clock steps back, no time has passed.
 */
export interface TokenBucket {
  /** Tokens in the bucket; below zero while a large cost is paid off. */
  tokens: number;
  /** The time at which `tokens` was right, milliseconds. */
  at: number;
}

export interface Rate {
  /** Tokens that come back each second; above 0. */
  readonly perSecond: number;
  /** Most tokens that are saved up; 1 or more. */
  readonly burst: number;
}

/** A smaller part of a token is a rounding error. */
const GRAIN = 1e-6;

/** Makes a bucket with its whole burst. */
export function fullBucket(rate: Rate, now: number): TokenBucket {
  return { tokens: rate.burst, at: now };
}

/**
 * Takes `cost` tokens and returns 0, or takes nothing and returns the milliseconds until the tokens are there. A cost above the burst
 * is granted when the bucket is full, and the missing tokens are paid off afterwards. So nothing waits for ever, and over any time t
 * (seconds) no more is taken than burst + perSecond · t + the largest cost.
 */
export function take(bucket: TokenBucket, rate: Rate, cost: number, now: number): number {
  refill(bucket, rate, now);
  const wanted = Math.min(cost, rate.burst);
  const missing = wanted - bucket.tokens - GRAIN;
  if (missing > 0) return Math.max(1, Math.ceil((missing / rate.perSecond) * 1000));
  bucket.tokens -= cost;
  return 0;
}

/**
 * Takes `cost` tokens for something that has already happened, into debt if need be. Returns the milliseconds until the debt is paid
 * off; 0 without a debt.
 */
export function charge(bucket: TokenBucket, rate: Rate, cost: number, now: number): number {
  refill(bucket, rate, now);
  bucket.tokens -= cost;
  return bucket.tokens >= 0 ? 0 : Math.ceil((-bucket.tokens / rate.perSecond) * 1000);
}

/** True when the bucket has this many tokens; it takes none. */
export function has(bucket: TokenBucket, rate: Rate, tokens: number, now: number): boolean {
  refill(bucket, rate, now);
  return bucket.tokens + GRAIN >= tokens;
}

/** True when the bucket has its whole burst again; such a bucket remembers nothing. */
export function isFull(bucket: TokenBucket, rate: Rate, now: number): boolean {
  return has(bucket, rate, rate.burst, now);
}

function refill(bucket: TokenBucket, rate: Rate, now: number): void {
  const passed = now - bucket.at;
  if (passed <= 0) return;
  bucket.tokens = Math.min(rate.burst, bucket.tokens + (passed / 1000) * rate.perSecond);
  bucket.at = now;
}
