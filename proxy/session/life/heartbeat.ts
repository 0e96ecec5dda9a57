import type { Clock } from '../../ports/clock.js';
import type { Peer } from './peer.js';

export interface HeartbeatBounds {
  /** Time between two pings of one peer, milliseconds [LIVE-1]. */
  readonly pingInterval: number;
  /** Time that a pong may take, milliseconds [LIVE-1]. */
  readonly pingTimeout: number;
  /** Time for which a backlog may stand without a byte of it being taken, milliseconds [LIVE-4]. */
  readonly stallTimeout: number;
  /** Time for the whole of one message, while its sender is read, milliseconds [RELAY-6]. */
  readonly messageTimeout: number;
}

/**
 * The heartbeat's record of one peer, flat, because every idle connection has one. Times are whole milliseconds of the steady clock,
 * which take no memory of their own.
 */
interface Pulse {
  /** Time of the last or the next question. */
  askAt: number;
  /** Time by which a question must be answered; `NEVER` while no question is open. */
  deadline: number;
  /** Whether bytes waited for the peer at the time of the question, and have not all been taken since: the ping is behind them. */
  isBehind: boolean;
  /** Bytes that had come at the time of the question. */
  received: number;
  /** Bytes that were taken at the last look. */
  taken: number;
  /** Time since which a backlog stands without a byte of it being taken; `NEVER` while it flows. */
  stalledSince: number;
}

const NEVER = -1;

/** Longest and shortest time between two looks at all peers, milliseconds. */
const MAX_TICK = 1000;
const MIN_TICK = 20;

/** Asks every peer for a sign of life, from one timer. It ends silent peers, and peers whose message does not end. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #bounds: HeartbeatBounds;
  readonly #peers = new Map<Peer, Pulse>();
  readonly #ages = new MessageAges();
  #stop: (() => void) | undefined;

  constructor(clock: Clock, bounds: HeartbeatBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  start(): void {
    const { pingInterval, pingTimeout, stallTimeout, messageTimeout } = this.#bounds;
    const shortest = Math.min(pingInterval, pingTimeout, stallTimeout, messageTimeout);
    const tick = Math.max(MIN_TICK, Math.min(MAX_TICK, shortest / 4));
    this.#stop ??= this.#clock.every(tick, () => this.look());
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Asks for the first time at once: a peer that is silent from the start is found a ping's time after the 101 [LIVE-1]. */
  watch(peer: Peer): void {
    const { received, taken } = peer.socket;
    const pulse: Pulse = { askAt: NEVER, deadline: NEVER, isBehind: false, received, taken, stalledSince: NEVER };
    this.#peers.set(peer, pulse);
    this.#question(peer, pulse, this.#now());
  }

  forget(peer: Peer): void {
    this.#peers.delete(peer);
    this.#ages.forget(peer);
  }

  /** The time for which a peer's backlog has stood without a byte of it being taken, milliseconds; 0 while it flows. */
  stalledFor(peer: Peer): number {
    const { stalledSince = NEVER } = this.#peers.get(peer) ?? {};
    return stalledSince === NEVER ? 0 : this.#now() - stalledSince;
  }

  /** One look at every peer. */
  look(): void {
    const now = this.#now();
    for (const [peer, pulse] of this.#peers) {
      this.#weigh(peer, pulse, now);
      this.#ask(peer, pulse, now);
      this.#age(peer, now);
    }
  }

  #now(): number {
    return Math.trunc(this.#clock.steady());
  }

  #ask(peer: Peer, pulse: Pulse, now: number): void {
    const { pingInterval, pingTimeout } = this.#bounds;
    if (pulse.deadline === NEVER) {
      if (now >= pulse.askAt) this.#question(peer, pulse, now);
      return;
    }
    // Any byte is a sign of life: a peer in the middle of a long message cannot send its pong [LIVE-2].
    if (peer.socket.received > pulse.received) {
      pulse.askAt += pingInterval;
      pulse.deadline = NEVER;
      return;
    }
    // A hold ends when the other side drains or stalls; after it the peer gets the full time again. So does a peer that takes some of the
    // bytes before its ping. A ping that nothing stood before is due, whatever waits now [LIVE-3].
    if (peer.held || (pulse.isBehind && pulse.stalledSince === NEVER)) pulse.deadline = now + pingTimeout;
    else if (now >= pulse.deadline)
      peer.end(pulse.isBehind ? 'slow_peer' : 'ping_timeout', `${pingTimeout / 1000} seconds`);
    pulse.isBehind &&= peer.socket.backlog > 0;
  }

  #age(peer: Peer, now: number): void {
    const { messageTimeout } = this.#bounds;
    if (this.#ages.look(peer, now) >= messageTimeout) peer.end('message_timeout', `${messageTimeout / 1000} seconds`);
  }

  #question({ socket }: Peer, pulse: Pulse, now: number): void {
    pulse.askAt = now;
    pulse.deadline = now + this.#bounds.pingTimeout;
    pulse.isBehind = socket.backlog > 0;
    pulse.received = socket.received;
    socket.ping();
  }

  #weigh(peer: Peer, pulse: Pulse, now: number): void {
    const { backlog, taken } = peer.socket;
    const isFlowing = backlog === 0 || taken > pulse.taken;
    pulse.taken = taken;
    if (isFlowing) pulse.stalledSince = NEVER;
    else if (pulse.stalledSince === NEVER) pulse.stalledSince = now;
    else if (now - pulse.stalledSince >= this.#bounds.stallTimeout)
      peer.end('slow_peer', `${this.#bounds.stallTimeout / 1000} seconds`);
  }
}

/** A message that has come only in part. */
interface UnfinishedMessage {
  /** Messages that had come before it. */
  readonly messages: number;
  /** Time for which the message has been on its way while its sender was read, milliseconds. */
  age: number;
  lookedAt: number;
}

/** The age of each peer's unfinished message. Only peers with such a message are remembered. */
class MessageAges {
  readonly #unfinished = new Map<Peer, UnfinishedMessage>();

  /**
   * Looks at one peer and returns the age of its unfinished message, milliseconds; 0 without one. Time in which the peer was not read
   * does not count, because the peer could not help it.
   */
  look(peer: Peer, now: number): number {
    if (peer.socket.gathered === 0) {
      this.#unfinished.delete(peer);
      return 0;
    }
    const { messagesIn: messages } = peer.counters;
    const known = this.#unfinished.get(peer);
    if (known?.messages !== messages) {
      this.#unfinished.set(peer, { messages, age: 0, lookedAt: now });
      return 0;
    }
    if (!peer.held) known.age += now - known.lookedAt;
    known.lookedAt = now;
    return known.age;
  }

  forget(peer: Peer): void {
    this.#unfinished.delete(peer);
  }
}
