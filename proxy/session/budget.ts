import type { Peer } from './peer.js';
import type { Registry } from './registry.js';

/** Bytes that wait for all peers together, held below one bound by shedding the newest sessions first. */
export class Budget {
  readonly #registry: Registry;
  readonly #maxBytes: number;
  #held = 0;

  constructor(registry: Registry, maxBytes: number) {
    this.#registry = registry;
    this.#maxBytes = maxBytes;
  }

  /** Bytes that waited when last counted. */
  get held(): number {
    return this.#held;
  }

  get exceeded(): boolean {
    return this.#held > this.#maxBytes;
  }

  /** Counts; when the sum is above the bound, ends the newest peers that hold bytes until it would be below. */
  enforce(): void {
    const holding: Peer[] = [];
    this.#held = 0;
    for (const peer of this.#registry.peers) {
      const { backlog } = peer.socket;
      if (backlog === 0) continue;
      this.#held += backlog;
      holding.push(peer);
    }
    for (let newest = holding.pop(); newest !== undefined && this.exceeded; newest = holding.pop()) {
      this.#held -= newest.socket.backlog;
      newest.end('overload');
      newest.socket.terminate();
    }
  }
}
