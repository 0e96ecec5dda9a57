import type { Clock } from '../../ports/clock.js';
import type { Store } from '../store.js';

export interface LeftoversParts {
  readonly store: Store;
  readonly clock: Pick<Clock, 'steady' | 'after'>;
  /** Whether an incarnation is, or was, this process. */
  readonly isOwn: (incarnation: string) => boolean;
  /** Whether a meetup is this replica's, or is being searched for: its claim is not left behind, or not for certain. */
  readonly isInUse: (meetupId: string) => boolean;
  /** Whether this replica is attached. */
  readonly mayRelease: () => boolean;
}

/** Most meetups that are remembered; of more, the oldest are forgotten. */
const MAX_MEETUPS = 65_536;
/** Time for which a meetup is remembered, milliseconds: NATS may have a deletion in memory alone for two minutes (its `sync_interval`). */
const REMEMBERED = 300_000;
/** Claims that are looked at at one time. */
const AT_ONCE = 16;
/** Passes over what was left, each over those that the one before it released or heard nothing of. */
const PASSES = 3;
/** Between two passes, milliseconds: releases come through, and a store that has just begun gets to answer. */
const AGAIN = 2_000;

/**
 * Claims that this replica may have left behind: a store that was killed forgets its last deletions, a release may be lost with the line that
 * it was sent on, and so may the answer to a write. They are looked for at each attachment, as nobody else gives them back.
 */
export class Leftovers {
  readonly #parts: LeftoversParts;
  /** When each meetup was left, steady clock; the oldest first. */
  readonly #left = new Map<string, number>();
  #round = 0;

  constructor(parts: LeftoversParts) {
    this.#parts = parts;
  }

  /** The claim of a meetup was given back, or may have been written though nobody uses it. */
  note(meetupId: string): void {
    const now = this.#parts.clock.steady();
    this.#left.delete(meetupId);
    this.#left.set(meetupId, now);
    this.#forget(now);
  }

  /**
   * Releases what is still claimed of all that was left so far, and looks whether that worked. Resolves after the first look; ends early when
   * this replica is no longer attached, or looks anew. Never rejects.
   */
  sweep(): Promise<void> {
    this.#round += 1;
    this.#forget(this.#parts.clock.steady());
    return this.#pass([...this.#left.keys()], this.#round, PASSES);
  }

  /** Forgets the meetups that were left too long ago, or are too many. */
  #forget(now: number): void {
    for (const [oldest, at] of this.#left) {
      if (this.#left.size <= MAX_MEETUPS && now - at <= REMEMBERED) break;
      this.#left.delete(oldest);
    }
  }

  async #pass(meetupIds: readonly string[], round: number, passes: number): Promise<void> {
    const open: string[] = [];
    const each = meetupIds.values();
    const worker = async (): Promise<void> => {
      for (const meetupId of each) {
        if (!this.#goesOn(round)) return;
        if (!(await this.#isGone(meetupId))) open.push(meetupId);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (open.length === 0 || passes === 1 || !this.#goesOn(round)) return;
    this.#parts.clock.after(AGAIN, () => void this.#pass(open, round, passes - 1));
  }

  #goesOn(round: number): boolean {
    return round === this.#round && this.#parts.mayRelease();
  }

  /**
   * Whether nothing was left behind there. Releases a claim of this replica by the number under which it was read: nobody can come to rely on
   * that number any more, as a search that finds a claim of its own writes it again, and the release of a number that was written over does
   * nothing.
   */
  async #isGone(meetupId: string): Promise<boolean> {
    const { store, isOwn, isInUse } = this.#parts;
    const read = await store.readClaim(meetupId);
    if (read.t === 'unknown') return false;
    if (read.stored === undefined || !isOwn(read.stored.value.incarnation) || isInUse(meetupId)) return true;
    store.releaseClaim(read.stored.sequence);
    return false;
  }
}
