import type { Peer } from './peer.js';

/** A message that has come only in part. */
interface UnfinishedMessage {
  /** Messages that had come before it. */
  readonly messages: number;
  /** Time for which the message has been on its way while its sender was read, milliseconds. */
  age: number;
  lookedAt: number;
}

/** The age of each peer's unfinished message. Only peers with such a message are remembered. */
export class MessageAges {
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
