import { type DrainPlan, type EmptyingParts, empty } from './emptying.js';
import type { Peer } from './life/peer.js';

/** Most drains of other replicas that are followed at one time. */
const MAX_DRAINS = 1_000;

/** The peers that came here through other replicas, and go when those drain. */
export class Entrants {
  readonly #parts: EmptyingParts;
  readonly #drains = new Set<string>();

  constructor(parts: EmptyingParts) {
    this.#parts = parts;
  }

  /**
   * Empties this replica of the peers that came through another one, by that one's plan, as its own drain would. Asking again while that
   * is under way changes nothing. False when too many others drain: the asker asks again.
   */
  drain(via: string, plan: DrainPlan): boolean {
    if (this.#drains.has(via)) return true;
    if (this.#drains.size >= MAX_DRAINS) return false;
    this.#drains.add(via);
    const concerns = ({ admission }: Peer): boolean => admission.via === via;
    // All connections are looked at only when all those that were known have gone.
    let left: readonly Peer[] = [];
    const isOver = (): boolean => {
      left = left.filter(({ state }) => state.t !== 'ended');
      if (left.length === 0) left = [...this.#parts.present.peers].filter(concerns);
      return left.length === 0;
    };
    void empty(this.#parts, { concerns, isOver }, plan).then(() => this.#drains.delete(via));
    return true;
  }
}
