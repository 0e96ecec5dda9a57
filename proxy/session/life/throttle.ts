import { charge, fullBucket, type Rate, type TokenBucket } from '../../policy/limits/token-bucket.js';
import type { Limits } from '../../policy/rules/decision.js';
import type { Clock } from '../../ports/clock.js';
import type { Peer } from './peer.js';

/** Longest time for which a peer is not read to pay off its rate, milliseconds; a peer that owes more is ended. */
export const MAX_DEBT = 10_000;

/** One bound of a rate: the amount of a second may come at once. */
interface Meter {
  readonly rate: Rate;
  readonly bucket: TokenBucket;
}

/** Holds one peer to the rate of its policy: its message is relayed, then the peer is not read until it has paid [RELAY-5]. */
export class Throttle {
  readonly #peer: Peer;
  readonly #clock: Clock;
  readonly #messages: Meter | undefined;
  readonly #bytes: Meter | undefined;
  /** True while the peer is held and a timer runs. */
  #holding = false;

  private constructor(peer: Peer, clock: Clock) {
    const { messagesPerSecond, bytesPerSecond } = peer.admission.limits;
    this.#peer = peer;
    this.#clock = clock;
    this.#messages = meter(messagesPerSecond, clock.steady());
    this.#bytes = meter(bytesPerSecond, clock.steady());
  }

  /** Makes the throttle of a peer; undefined where the policy sets no rate, so that messages then cost nothing. */
  static of(peer: Peer, clock: Clock): Throttle | undefined {
    const { messagesPerSecond, bytesPerSecond }: Limits = peer.admission.limits;
    return messagesPerSecond === undefined && bytesPerSecond === undefined ? undefined : new Throttle(peer, clock);
  }

  /** Charges one relayed message of this many bytes. */
  charge(bytes: number): void {
    const now = this.#clock.steady();
    const wait = Math.max(owed(this.#messages, 1, now), owed(this.#bytes, bytes, now));
    if (wait === 0) return;
    if (wait > MAX_DEBT) {
      this.#peer.end('message_rate');
      return;
    }
    if (this.#holding) return;
    this.#holding = true;
    this.#peer.hold('rate');
    this.#clock.after(wait, this.#settle);
  }

  /** Bytes that were read before the hold took effect were charged too, so the debt may not be paid yet. */
  readonly #settle = (): void => {
    const now = this.#clock.steady();
    const wait = Math.max(owed(this.#messages, 0, now), owed(this.#bytes, 0, now));
    if (wait > 0) {
      this.#clock.after(wait, this.#settle);
      return;
    }
    this.#holding = false;
    this.#peer.release('rate');
  };
}

function meter(perSecond: number | undefined, now: number): Meter | undefined {
  if (perSecond === undefined) return undefined;
  const rate = { perSecond, burst: Math.max(1, perSecond) };
  return { rate, bucket: fullBucket(rate, now) };
}

function owed(one: Meter | undefined, cost: number, now: number): number {
  return one === undefined ? 0 : charge(one.bucket, one.rate, cost, now);
}
