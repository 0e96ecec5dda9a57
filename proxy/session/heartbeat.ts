import type { Peer } from './peer.js';
import type { Clock } from './ports.js';

export interface HeartbeatBounds {
  /** Time between two pings of one peer, milliseconds [LIVE-1]. */
  readonly pingInterval: number;
  /** Time that a pong may take, milliseconds [LIVE-1]. */
  readonly pingTimeout: number;
  /** Time for which a backlog may stand without shrinking, milliseconds. */
  readonly stallTimeout: number;
}

/** What the heartbeat knows of one peer; steady-clock milliseconds. */
interface Pulse {
  question: { readonly t: 'idle'; readonly askAt: number } | { readonly t: 'asked'; readonly deadline: number };
  stall:
    | { readonly t: 'flowing'; readonly taken: number }
    | { readonly t: 'stalled'; readonly taken: number; readonly since: number };
}

/** Longest and shortest time between two looks at all peers, milliseconds. */
const MAX_TICK = 1000;
const MIN_TICK = 20;

/** Asks every peer for a sign of life, from one timer, and ends those that give none. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #bounds: HeartbeatBounds;
  readonly #peers = new Map<Peer, Pulse>();
  #stop: (() => void) | undefined;

  constructor(clock: Clock, bounds: HeartbeatBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  start(): void {
    const { pingInterval, pingTimeout, stallTimeout } = this.#bounds;
    const tick = Math.max(MIN_TICK, Math.min(MAX_TICK, Math.min(pingInterval, pingTimeout, stallTimeout) / 4));
    this.#stop ??= this.#clock.every(tick, () => this.look());
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  watch(peer: Peer): void {
    const askAt = this.#clock.steady() + this.#bounds.pingInterval;
    this.#peers.set(peer, { question: { t: 'idle', askAt }, stall: { t: 'flowing', taken: 0 } });
  }

  forget(peer: Peer): void {
    this.#peers.delete(peer);
  }

  /** One look at every peer. */
  look(): void {
    const now = this.#clock.steady();
    for (const [peer, pulse] of this.#peers) {
      this.#ask(peer, pulse, now);
      this.#weigh(peer, pulse, now);
    }
  }

  #ask(peer: Peer, pulse: Pulse, now: number): void {
    const { question } = pulse;
    const { pingInterval, pingTimeout } = this.#bounds;
    if (question.t === 'idle') {
      if (now < question.askAt) return;
      peer.heard = false;
      peer.socket.ping();
      pulse.question = { t: 'asked', deadline: now + pingTimeout };
      return;
    }
    if (peer.heard) {
      pulse.question = { t: 'idle', askAt: question.deadline - pingTimeout + pingInterval };
      return;
    }
    if (now < question.deadline) return;
    // A peer that is not read cannot be heard, and behind a backlog the ping has not left yet: silence proves nothing.
    // The first ends when the other side drains or stalls; the second is the stall's to judge.
    if (peer.held || peer.socket.backlog > 0) pulse.question = { t: 'idle', askAt: now };
    else peer.end('ping_timeout', `${pingTimeout / 1000} seconds`);
  }

  #weigh(peer: Peer, pulse: Pulse, now: number): void {
    const backlog = peer.socket.backlog;
    const taken = peer.counters.bytesOut - backlog;
    const { stall } = pulse;
    if (backlog === 0 || taken > stall.taken) {
      pulse.stall = { t: 'flowing', taken };
      return;
    }
    if (stall.t === 'flowing') {
      pulse.stall = { t: 'stalled', taken, since: now };
      return;
    }
    pulse.stall = { t: 'stalled', taken, since: stall.since };
    if (now - stall.since >= this.#bounds.stallTimeout)
      peer.end('slow_peer', `${this.#bounds.stallTimeout / 1000} seconds`);
  }
}
