import type { Peer } from './peer.js';

/** A message of which a part has come. */
interface Unfinished {
  /** Messages that had come before it. */
  readonly messages: number;
  /** Time for which it has been on its way while its sender was read, milliseconds. */
  age: number;
  lookedAt: number;
}

/** How old the unfinished message of each peer is. Only those that have one are remembered. */
export class MessageAges {
  readonly #unfinished = new Map<Peer, Unfinished>();

  /**
   * Looks at one peer and returns the age of its unfinished message, milliseconds; 0 without one. The time in which the peer was not
   * read is not its fault and does not count.
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
