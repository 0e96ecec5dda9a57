import type { Peer } from './peer.js';
import type { Clock } from './ports.js';

export interface HeartbeatBounds {
  /** Time between two pings of one peer, milliseconds [LIVE-1]. */
  readonly pingInterval: number;
  /** Time that a pong may take, milliseconds [LIVE-1]. */
  readonly pingTimeout: number;
  /** Time for which a backlog may stand without a byte of it being taken, milliseconds [LIVE-4]. */
  readonly stallTimeout: number;
}

/** What the heartbeat knows of one peer; steady-clock milliseconds. */
interface Pulse {
  question:
    | { readonly t: 'idle'; readonly askAt: number }
    | { readonly t: 'asked'; readonly at: number; readonly deadline: number; readonly received: number };
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
    this.#peers.set(peer, { question: { t: 'idle', askAt }, stall: { t: 'flowing', taken: peer.socket.taken } });
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
      pulse.question = { t: 'asked', at: now, deadline: now + pingTimeout, received: peer.socket.received };
      peer.socket.ping();
      return;
    }
    // Any byte is a sign of life: a peer in the middle of a long message cannot send its pong [LIVE-2].
    if (peer.socket.received > question.received) {
      pulse.question = { t: 'idle', askAt: question.at + pingInterval };
      return;
    }
    // Being held ends when the other side drains or stalls, and a backlog is the stall's to judge; then there is time again.
    if (peer.inaudible) pulse.question = { ...question, deadline: now + pingTimeout };
    else if (now >= question.deadline) peer.end('ping_timeout', `${pingTimeout / 1000} seconds`);
  }

  #weigh(peer: Peer, pulse: Pulse, now: number): void {
    const { backlog, taken } = peer.socket;
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
