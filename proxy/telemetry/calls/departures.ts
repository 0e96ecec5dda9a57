import type { AfterWrites, Clock } from '../../ports/clock.js';
import type { Invocation } from './invocation-table.js';

/**
 * Tells when messages have left the proxy: the time for which they waited here, behind others or behind a slow reader, is the
 * proxy's and not the peer's. It looks after each turn in which a message was relayed, and whenever `look` is called.
 */
export class Departures implements AfterWrites {
  readonly #clock: Clock;
  readonly #afterWrites: (one: AfterWrites) => void;
  readonly #left: (one: Invocation, now: number) => void;
  readonly #leaving: Invocation[] = [];
  #asked = false;

  /**
   * @param afterWrites calls its argument after the writes of this turn
   * @param left is told of each invocation whose message has left, and of the time (steady clock); the invocation is on no list then
   */
  constructor(clock: Clock, afterWrites: (one: AfterWrites) => void, left: (one: Invocation, now: number) => void) {
    this.#clock = clock;
    this.#afterWrites = afterWrites;
    this.#left = left;
  }

  /** A message of `bytes` is about to be sent to `one.leavingBy`. */
  watch(one: Invocation, bytes: number): void {
    const { leavingBy } = one;
    if (leavingBy === undefined) return;
    if (one.leftAt === 0) this.#leaving.push(one);
    one.leftAt = leavingBy.counters.bytesOut + bytes;
    if (this.#asked) return;
    this.#asked = true;
    this.#afterWrites(this);
  }

  /** Looks at all messages that have not left. */
  look(): void {
    const leaving = this.#leaving;
    if (leaving.length === 0) return;
    const now = this.#clock.steady();
    let kept = 0;
    for (const one of leaving) {
      if (one.finished) continue;
      if (hasLeft(one)) {
        one.leftAt = 0;
        this.#left(one, now);
      } else {
        leaving[kept] = one;
        kept += 1;
      }
    }
    leaving.length = kept;
  }

  written(): void {
    this.#asked = false;
    this.look();
  }
}

function hasLeft({ leavingBy, leftAt }: Invocation): boolean {
  return leavingBy === undefined || leavingBy.counters.bytesOut - leavingBy.socket.backlog >= leftAt;
}
