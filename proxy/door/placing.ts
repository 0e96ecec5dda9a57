import type { Clock } from '../ports/clock.js';
import { INCARNATION_HEADER } from '../ports/hop-headers.js';
import type { HopEvidence, Locator, Owner, Placement } from '../session/life/locator.js';
import type { Candidate } from './candidate.js';

/** What came of an upgrade that was handed on. */
export type HandedOn =
  /** No answer that could be passed on: the client has heard nothing yet. */
  | { readonly t: 'failed'; readonly fault: HopEvidence['fault'] }
  /** So many are handed on to that replica that this one's turn did not come in time, or too late for an answer. The client has heard nothing yet. */
  | { readonly t: 'crowded' }
  /** The owner's answer went to the client. `over` resolves when the connection has ended; it never rejects. */
  | { readonly t: 'answered'; readonly status: number; readonly over: Promise<void> };

/** Hands upgrades on to the replicas that serve their meetups. */
export interface HandOn {
  /** Connections to other replicas that are open or being opened. */
  readonly open: number;
  /** Time that all of the placing of one upgrade may take, milliseconds. */
  readonly placing: number;
  /** Asks the owner to take an upgrade, for at most `time` milliseconds. Never rejects. */
  handOn(upgrade: Candidate, owner: Owner, time: number): Promise<HandedOn>;
}

export interface PlacingParts {
  readonly clock: Clock;
  readonly locator: Locator;
  /** Absent where there is no other replica. */
  readonly hops: HandOn | undefined;
  /**
   * Called when another replica's answer went to the client. `over` resolves when the connection has ended: nothing waits for it with the
   * upgrade in hand, because its request would be kept as long as the connection lives.
   */
  readonly handedOn: (candidate: Candidate, status: number, over: Promise<void>) => void;
}

/**
 * What the placing of an upgrade came to.
 * - `here`: its meetup is served here; one `leave` is owed.
 * - `refused`: it was answered, or its client has gone.
 * - `handed_on`: another replica has answered it.
 */
export type Placed = 'here' | 'refused' | 'handed_on';

/** Replicas that are tried for one upgrade: each try but the first follows from what the one before showed. */
const MAX_HOPS = 3;

/** Finds the replica that serves the meetup of an upgrade, and hands the upgrade on where that is another one. */
export class Placing {
  readonly #parts: PlacingParts;

  constructor(parts: PlacingParts) {
    this.#parts = parts;
  }

  /** A replica that serves the meetup knows it at once: then nothing is waited for. */
  place(candidate: Candidate, meetupId: string): Placed | Promise<Placed> {
    const placement = this.#parts.locator.locate(meetupId);
    if ('t' in placement && placement.t === 'here') return 'here';
    return this.#follow(candidate, meetupId, placement);
  }

  async #follow(candidate: Candidate, meetupId: string, first: Placement | Promise<Placement>): Promise<Placed> {
    const { clock, hops } = this.#parts;
    const until = clock.steady() + (hops?.placing ?? 0);
    let placement = await first;
    for (let left = MAX_HOPS; ; left -= 1) {
      const owner = this.#ownerElsewhere(candidate, meetupId, placement);
      if (typeof owner === 'string') return owner;
      const time = until - clock.steady();
      if (hops === undefined || left === 0 || time <= 0) return refused(candidate, `${owner.replica} does not answer`);
      const answer = await hops.handOn(candidate, owner, time);
      if (answer.t === 'answered') {
        this.#parts.handedOn(candidate, answer.status, answer.over);
        return 'handed_on';
      }
      if (candidate.raw.destroyed) return 'refused';
      if (answer.t === 'crowded') return refused(candidate, `too many are handed on to ${owner.replica} at once`);
      placement = await this.#again(meetupId, { owner, fault: answer.fault }, until);
    }
  }

  /** Looks again, with what a hop has shown, as long as there is time left. */
  #again(meetupId: string, evidence: HopEvidence, until: number): Promise<Placement> {
    const { clock, locator } = this.#parts;
    return new Promise((resolve) => {
      let isLate = false;
      const cancel = clock.after(Math.max(0, until - clock.steady()), () => {
        isLate = true;
        resolve({ t: 'nowhere', detail: `${evidence.owner.replica} does not answer` });
      });
      void Promise.resolve(locator.locate(meetupId, evidence)).then((placement) => {
        cancel();
        if (isLate && placement.t === 'here') locator.leave(meetupId);
        resolve(placement);
      });
    });
  }

  /** The replica to which a placement leads; or what the placing came to, where it leads to none. */
  #ownerElsewhere(candidate: Candidate, meetupId: string, placement: Placement): Owner | Placed {
    const { locator } = this.#parts;
    if (candidate.raw.destroyed) {
      if (placement.t === 'here') locator.leave(meetupId);
      return 'refused';
    }
    if (placement.t === 'here') return 'here';
    if (placement.t === 'nowhere') return refused(candidate, placement.detail);
    if (candidate.hop === undefined) return placement.owner;
    // Never two hops: who handed it on has to look again.
    misdirected(candidate, locator.incarnation);
    return 'refused';
  }
}

/** Tells the replica that handed an upgrade on that its meetup is not served here, and who says so. */
export function misdirected(candidate: Candidate, incarnation: string): void {
  const headers = { [INCARNATION_HEADER]: incarnation };
  candidate.refuse('misdirected', `handed on by ${candidate.hop?.via ?? ''}`, { headers });
}

function refused(candidate: Candidate, detail: string): 'refused' {
  candidate.refuse('unplaced', detail);
  return 'refused';
}
