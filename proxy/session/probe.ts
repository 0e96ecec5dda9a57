import type { Peer } from './peer.js';
import type { Clock } from './ports.js';

/**
 * Asks sitting peers, at once, whether they live: a seat is contested by liveness, never by order [MEET-5]. Several
 * newcomers share one question.
 */
export class Probe {
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #asked = new Map<Peer, Promise<void>>();

  /** @param timeout time that a peer has to answer, milliseconds */
  constructor(clock: Clock, timeout: number) {
    this.#clock = clock;
    this.#timeout = timeout;
  }

  /** Resolves when the peer has answered or has been ended as dead. */
  ask(peer: Peer): Promise<void> {
    if (peer.state.t === 'ended') return Promise.resolve();
    // Neither a peer that is not read nor one behind a backlog can answer in time: a live peer is never displaced on that.
    if (peer.held || peer.socket.backlog > 0) return Promise.resolve();
    const pending = this.#asked.get(peer) ?? this.#question(peer);
    this.#asked.set(peer, pending);
    return pending;
  }

  #question(peer: Peer): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancelTimer();
        cancelHeard();
        this.#asked.delete(peer);
        resolve();
      };
      const cancelTimer = this.#clock.after(this.#timeout, () => {
        peer.end('probe_timeout', `${this.#timeout / 1000} seconds`);
        done();
      });
      const cancelHeard = peer.onceHeard(done);
      peer.socket.ping();
    });
  }
}
