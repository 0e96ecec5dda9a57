/** Times between the bounds of two neighbouring classes are of one class: a third of an octave, so 26 % wide. */
const CLASSES_PER_OCTAVE = 3;
/** Upper bound of the first class, milliseconds; the last one begins above four minutes. */
const LEAST_MS = 0.1;
const CLASSES = 64;
/** Time after which a period is over, milliseconds: the last two are looked at. */
export const PERIOD_MS = 900_000;
/** Most calls of a class that are counted in one period. */
const MOST = 65_535;

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
  /** Calls by class: those of the present period, then those of the one before. */
  readonly #counts = new Uint16Array(2 * CLASSES);
  /** Sums of the two periods. */
  #present = 0;
  #before = 0;
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
    const at = classOf(latency);
    const count = this.#counts[at] ?? 0;
    if (count === MOST) return;
    this.#counts[at] = count + 1;
    this.#present += 1;
  }

  /**
   * The time that 99 of 100 calls of the last quarter to half of an hour kept to, milliseconds, at most a class too long; 0 when there were none. It is
   * of whole microseconds: lists are ordered by it, and replicas must read the same from a message as from here.
   *
   * @param most the longest that there was, which is never exceeded
   */
  p99(most: number, now: number): number {
    this.#turn(now);
    const counts = this.#counts;
    const total = this.#present + this.#before;
    if (total === 0) return 0;
    let left = Math.floor(total / 100);
    for (let at = CLASSES - 1; at >= 0; at -= 1) {
      left -= (counts[at] ?? 0) + (counts[at + CLASSES] ?? 0);
      if (left < 0) return wholeMicroseconds(Math.min(LEAST_MS * 2 ** (at / CLASSES_PER_OCTAVE), most));
    }
    return wholeMicroseconds(most);
  }

  /** Begins a new period where the present one is over. */
  #turn(now: number): void {
    const age = now - this.#periodSince;
    if (age < PERIOD_MS) return;
    const isNext = age < 2 * PERIOD_MS;
    this.#counts.copyWithin(CLASSES, 0, CLASSES);
    this.#counts.fill(0, 0, isNext ? CLASSES : 2 * CLASSES);
    this.#before = isNext ? this.#present : 0;
    this.#present = 0;
    this.#periodSince = now;
  }
}

function wholeMicroseconds(ms: number): number {
  return Math.ceil(ms * 1000) / 1000;
}

function classOf(ms: number): number {
  const at = Math.ceil(Math.log2(ms / LEAST_MS) * CLASSES_PER_OCTAVE);
  return Math.max(0, Math.min(at, CLASSES - 1));
}
