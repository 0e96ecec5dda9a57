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

  /** Resolves when the peer has answered or has ended, as dead or otherwise. */
  ask(peer: Peer): Promise<void> {
    if (peer.state.t === 'ended' || peer.inaudible) return Promise.resolve();
    return this.#asked.get(peer) ?? this.#question(peer);
  }

  #question(peer: Peer): Promise<void> {
    const { received } = peer.socket;
    const pending = new Promise<void>((resolve) => {
      const done = (): void => {
        cancelTimer();
        cancelListener();
        this.#asked.delete(peer);
        resolve();
      };
      const cancelTimer = this.#clock.after(this.#timeout, () => {
        // A peer in the middle of a long message cannot send its pong, and one that fell silent for our sake need not.
        const silent = peer.socket.received === received && !peer.inaudible;
        if (silent) peer.end('probe_timeout', `${this.#timeout / 1000} seconds`);
        done();
      });
      const cancelListener = peer.onceAnswered(done);
    });
    // Before the ping: its answer may come at once.
    this.#asked.set(peer, pending);
    peer.socket.ping();
    return pending;
  }
}
