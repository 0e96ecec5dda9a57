import type { EventReader } from '../session/views/events.js';
import type { PeerView } from '../session/views/view.js';
import type { Ending, EndingLabel } from '../wire/close.js';
import { Ring } from './recent.js';

/** Endings that are remembered. */
export const RECENT_ENDINGS = 100;

/** One connection that was cut off or lost. */
export interface RecentEnding {
  /** Number of the ending, from 1. */
  readonly sequence: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  readonly ending: Ending;
  readonly meetupId: string;
  readonly subject: string;
  readonly peerId: string;
  readonly remote: string;
}

/** Endings that are not remembered: a peer's own wish, and the consequence of the other peer's end. */
const ORDINARY: readonly EndingLabel[] = ['closed_by_peer', 'peer_disconnected'];

/** The last connections that were cut off or lost, oldest first. */
export class RecentEndings implements EventReader {
  readonly #ring = new Ring<RecentEnding>(RECENT_ENDINGS);
  readonly #now: () => number;

  /** @param now the wall clock, milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  get last(): number {
    return this.#ring.added;
  }

  after(sequence: number): readonly RecentEnding[] {
    return this.#ring.items.filter((one) => one.sequence > sequence);
  }

  ended({ meetupId, identity, remote, peerId }: PeerView, ending: Ending): void {
    if (ORDINARY.includes(ending.label)) return;
    const at = this.#now();
    const { subject } = identity;
    this.#ring.add((sequence) => ({ sequence, at, ending, meetupId, subject, peerId, remote }));
  }
}
