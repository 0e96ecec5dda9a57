/** Times between the bounds of two neighbouring classes are of one class: a third of an octave, so 26 % wide. */
const CLASSES_PER_OCTAVE = 3;
/** Upper bound of the first class, milliseconds; the last one begins above four minutes. */
const LEAST_MS = 0.1;
const CLASSES = 64;
/** Time after which a period is over, milliseconds: the last two are looked at. */
export const PERIOD_MS = 900_000;
/** Most calls of a class that are counted in one period; a count lies above its class in one small integer. */
const MOST = 65_535;
const CLASS_BITS = 6;

/** The calls of one period: `count << CLASS_BITS | class`, only of classes that have calls, as they came up. There are a few. */
type Counts = readonly number[];
/** A period without calls: it is shared, since most sessions are idle. */
const NO_CALLS: Counts = [];
/** The counts of both periods by class, while a p99 is sought. */
const sums = new Uint32Array(CLASSES);

/**
 * How long the answered calls of one session took, in the proxy, at the peer, and from request to response. It is made with the first of them: a
 * session without calls has none.
 */
export class SessionLatency {
  /** Sums and greatest times, milliseconds, over all answered calls. */
  proxyTotal = 0;
  proxyMost = 0;
  peerTotal = 0;
  peerMost = 0;
  /** Calls of the present period, undefined while there is none, and of the one before. */
  #present: number[] | undefined;
  #before: Counts = NO_CALLS;
  #periodSince: number;

  /** @param now steady-clock milliseconds */
  constructor(now: number) {
    this.#periodSince = now;
  }

  /** Adds an answered call; `latency` is the time from its request to its response, milliseconds. */
  add(latency: number, proxyMs: number, peerMs: number, now: number): void {
    this.proxyTotal += proxyMs;
    this.peerTotal += peerMs;
    if (proxyMs > this.proxyMost) this.proxyMost = proxyMs;
    if (peerMs > this.peerMost) this.peerMost = peerMs;
    this.#turn(now);
    this.#present ??= [];
    count(this.#present, classOf(latency));
  }

  /**
   * The time that 99 of 100 calls of the last quarter to half of an hour kept to, milliseconds, at most a class too long; 0 when there were none. It is
   * of whole microseconds: lists are ordered by it, and replicas must read the same from a message as from here.
   *
   * @param most the longest that there was, which is never exceeded
   */
  p99(most: number, now: number): number {
    this.#turn(now);
    sums.fill(0);
    const total = summed(this.#present ?? NO_CALLS) + summed(this.#before);
    if (total === 0) return 0;
    let left = Math.floor(total / 100);
    for (let at = CLASSES - 1; at >= 0; at -= 1) {
      left -= sums[at] ?? 0;
      if (left < 0) return wholeMicroseconds(Math.min(LEAST_MS * 2 ** (at / CLASSES_PER_OCTAVE), most));
    }
    return wholeMicroseconds(most);
  }

  /** Begins a new period where the present one is over. */
  #turn(now: number): void {
    const age = now - this.#periodSince;
    if (age < PERIOD_MS) return;
    this.#before = age < 2 * PERIOD_MS ? (this.#present ?? NO_CALLS) : NO_CALLS;
    this.#present = undefined;
    this.#periodSince = now;
  }
}

/** Counts a call of a class. */
function count(counts: number[], at: number): void {
  for (let i = 0; i < counts.length; i += 1) {
    const one = counts[i] ?? 0;
    if ((one & (CLASSES - 1)) !== at) continue;
    if (one >> CLASS_BITS < MOST) counts[i] = one + CLASSES;
    return;
  }
  counts.push((1 << CLASS_BITS) | at);
}

/** Adds the counts to `sums`; returns how many calls they are. */
function summed(counts: Counts): number {
  let total = 0;
  for (const one of counts) {
    const calls = one >> CLASS_BITS;
    const at = one & (CLASSES - 1);
    sums[at] = (sums[at] ?? 0) + calls;
    total += calls;
  }
  return total;
}

function wholeMicroseconds(ms: number): number {
  return Math.ceil(ms * 1000) / 1000;
}

function classOf(ms: number): number {
  const at = Math.ceil(Math.log2(ms / LEAST_MS) * CLASSES_PER_OCTAVE);
  return Math.max(0, Math.min(at, CLASSES - 1));
}
