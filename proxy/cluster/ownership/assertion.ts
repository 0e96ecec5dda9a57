import type { Clock } from '../../ports/clock.js';
import type { ClusterCounts } from '../counts.js';
import type { Claim, Put, Store } from '../store.js';
import type { Claims, HeldMeetup } from './claims.js';

export interface AssertionParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly claims: Claims;
  readonly counts: ClusterCounts;
  /** What this replica writes as a claim at present. */
  readonly claim: () => Claim;
  /** Whether an incarnation is, or was, this process. */
  readonly isOwn: (incarnation: string) => boolean;
  /** Another replica has these meetups: whoever is here at one of them must go. */
  readonly deposed: (meetupIds: readonly string[]) => void;
}

/** Claims that are written at one time. */
const AT_ONCE = 64;
/** Time for which lost meetups are gathered, milliseconds: to end whoever is at them takes a look at everybody. */
const GATHER = 10;
/** Attempts for one claim in one round, each with what the one before it learned. */
const TRIES = 3;

/** Writes claims anew: after a new incarnation, and before the store forgets them for their age. */
export class Assertion {
  readonly #parts: AssertionParts;
  #isUnderway = false;
  /** Lost meetups that nobody was told of yet, and the timer that tells. */
  #lost: string[] = [];
  #cancel: (() => void) | undefined;

  constructor(parts: AssertionParts) {
    this.#parts = parts;
  }

  /** Whether claims are being put anew, or whoever is at a lost meetup has yet to be told. */
  get isUnderway(): boolean {
    return this.#isUnderway;
  }

  /**
   * Puts every unasserted claim anew, once. A claim for which no answer comes stays unasserted: forgetting it would leave a pair beside that of
   * another replica for good. Returns at once while a round is underway.
   */
  async assert(): Promise<void> {
    if (this.#isUnderway) return;
    this.#isUnderway = true;
    try {
      let incarnation: string;
      do {
        incarnation = this.#parts.claim().incarnation;
        await this.#each(this.#parts.claims.those(({ state }) => state === 'unasserted'));
      } while (this.#parts.claim().incarnation !== incarnation);
    } finally {
      this.#isUnderway = false;
    }
  }

  /** Writes again what was written before that time, steady clock. */
  async refresh(before: number): Promise<void> {
    await this.#each(this.#parts.claims.those(({ state, writtenAt }) => state === 'held' && writtenAt < before));
  }

  async #each(meetups: readonly HeldMeetup[]): Promise<void> {
    const { incarnation } = this.#parts.claim();
    const left = meetups.values();
    const worker = async (): Promise<void> => {
      for (const held of left) {
        if (this.#parts.claim().incarnation !== incarnation) return;
        await this.#write(held);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, meetups.length) }, worker));
    this.#tell();
  }

  async #write(held: HeldMeetup): Promise<void> {
    const { store, claims } = this.#parts;
    let expected = held.sequence;
    for (let tries = 0; tries < TRIES && claims.keeps(held); tries += 1) {
      const claim = this.#parts.claim();
      const put = await store.putClaim(held.meetupId, claim, expected);
      if (put.t === 'written') this.#written(held, put, claim);
      if (put.t !== 'conflict') return;
      const read = await store.readClaim(held.meetupId);
      if (read.t === 'unknown') return;
      if (read.stored !== undefined && !this.#parts.isOwn(read.stored.value.incarnation)) {
        this.#lose(held);
        return;
      }
      // Its own claim under a number that it never learned, or none any more.
      expected = read.stored?.sequence ?? 0;
    }
  }

  #written(held: HeldMeetup, { sequence }: Put & { readonly t: 'written' }, claim: Claim): void {
    const { store, clock, claims, counts } = this.#parts;
    if (!claims.keeps(held)) {
      // Everybody has left meanwhile.
      store.releaseClaim(sequence);
      return;
    }
    if (claim.incarnation !== this.#parts.claim().incarnation) {
      claims.learned(held, sequence);
      return;
    }
    if (held.state === 'unasserted') counts.asserted += 1;
    claims.wrote(held, sequence, clock.steady());
  }

  #lose(held: HeldMeetup): void {
    const { clock, claims, counts } = this.#parts;
    if (!claims.keeps(held)) return;
    counts.deposed += 1;
    claims.lose(held);
    this.#lost.push(held.meetupId);
    // An attached replica could make a pair there meanwhile.
    if (!this.#isUnderway) this.#tell();
    else this.#cancel ??= clock.after(GATHER, () => this.#tell());
  }

  #tell(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const lost = this.#lost;
    this.#lost = [];
    if (lost.length > 0) this.#parts.deposed(lost);
  }
}
