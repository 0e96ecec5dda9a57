import type { Peer } from './peer.js';
import type { Registry } from './registry.js';

/** Share of the budget from which newcomers are refused: before anyone who is in has to go. */
const TIGHT = 0.8;

/** Bytes that wait for all peers, and that have come of messages in part, held below one bound by shedding the newest sessions first. */
export class Budget {
  readonly #registry: Registry;
  readonly #maxBytes: number;
  #held = 0;

  constructor(registry: Registry, maxBytes: number) {
    this.#registry = registry;
    this.#maxBytes = maxBytes;
  }

  /** Bytes when last counted, less those of peers that were shed. */
  get held(): number {
    return this.#held;
  }

  /** True while newcomers should stay away. */
  get isTight(): boolean {
    return this.#held > this.#maxBytes * TIGHT;
  }

  /** Counts; when the sum is above the bound, ends the newest sessions that hold bytes until it would be below. */
  enforce(): void {
    const holding: Peer[] = [];
    this.#held = 0;
    for (const peer of this.#registry.peers) {
      const held = heldBy(peer);
      if (held === 0) continue;
      this.#held += held;
      holding.push(peer);
    }
    for (let newest = holding.pop(); newest !== undefined && this.#held > this.#maxBytes; newest = holding.pop()) {
      if (newest.state.t !== 'ended') this.#shed(newest, newest.session?.other(newest));
    }
  }

  /** Ends a session, by that peer of it that holds more: the other may have no part in it. */
  #shed(one: Peer, two: Peer | undefined): void {
    const other = two === undefined ? 0 : heldBy(two);
    this.#held -= heldBy(one) + other;
    const heavier = two !== undefined && other > heldBy(one) ? two : one;
    heavier.end('overload');
    heavier.socket.terminate();
  }
}

function heldBy({ socket }: Peer): number {
  return socket.backlog + socket.gathered;
}
