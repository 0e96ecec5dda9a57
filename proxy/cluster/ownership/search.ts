import type { Clock } from '../../ports/clock.js';
import type { HopEvidence, Owner, Placement } from '../../session/life/locator.js';
import type { ClusterCounts } from '../counts.js';
import type { Deaths, Life } from '../membership/deaths.js';
import type { Claim, Store } from '../store.js';
import type { Claims } from './claims.js';
import { Flight } from './flight.js';

export interface SearchParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly claims: Claims;
  readonly deaths: Deaths;
  readonly counts: ClusterCounts;
  /** Time for one search, milliseconds. */
  readonly placing: number;
  /** Most meetups of this replica at one time. */
  readonly maxMeetups: number;
  /** What this replica writes as a claim at present. */
  readonly claim: () => Claim;
  /** Whether free meetups may be taken, may only be looked up, or nothing can be told at present. */
  readonly freedom: () => 'take' | 'look' | 'wait';
  /** The claim of a meetup was written, or may have been, and nobody uses it. */
  readonly left: (meetupId: string) => void;
}

/** What a search knows of the claim: the number that the next write expects, and whose the claim is. */
interface Sight {
  readonly expected: number;
  readonly left: 'free' | 'own' | 'dead';
}

/** `ended`: the newcomers were told; `unknown`: the store has not answered. */
type Seen = Sight | 'ended' | 'unknown';

/** Between two looks at a meetup that may not be taken yet, milliseconds. */
const LOOK_AGAIN = 500;
/** Time for a write that came first and that nobody can read yet, milliseconds. */
const WRITE_TIME = 25;
/** Time that a release is given to come through, milliseconds. */
const RELEASE_TIME = 100;
/** Attempts of one search, each with what the one before it learned. */
const TRIES = 3;

const HERE: Placement = { t: 'here' };
const FREE: Sight = { expected: 0, left: 'free' };

/** Finds the replica that serves a meetup, or takes the meetup for this one. */
export class Search {
  readonly #parts: SearchParts;
  /** The searches underway; there are no more than connections that are being decided. */
  readonly #flights = new Map<string, Flight>();

  constructor(parts: SearchParts) {
    this.#parts = parts;
  }

  locate(meetupId: string, evidence?: HopEvidence): Placement | Promise<Placement> {
    return this.#parts.claims.enter(meetupId) ? HERE : this.#join(meetupId, evidence);
  }

  /** Whether a meetup's place is being searched for. */
  isUnderway(meetupId: string): boolean {
    return this.#flights.has(meetupId);
  }

  /** What this replica may do has changed: searches that wait for it go on. */
  wake(): void {
    for (const flight of this.#flights.values()) flight.wake();
  }

  async #join(meetupId: string, evidence: HopEvidence | undefined): Promise<Placement> {
    const underway = this.#flights.get(meetupId);
    if (underway === undefined) return this.#begin(meetupId, evidence).join();
    const placement = await underway.join();
    // That search may have begun before it was known that the owner cannot be reached.
    const isOld =
      evidence !== undefined && !isOf(underway.evidence, evidence.owner) && names(placement, evidence.owner);
    return isOld ? this.locate(meetupId, evidence) : placement;
  }

  #begin(meetupId: string, evidence: HopEvidence | undefined): Flight {
    const { clock, placing } = this.#parts;
    const flight = new Flight(meetupId, evidence, clock, placing, () => this.#flights.delete(meetupId));
    this.#flights.set(meetupId, flight);
    void this.#search(flight);
    return flight;
  }

  async #search(flight: Flight): Promise<void> {
    const { freedom } = this.#parts;
    let sight = FREE;
    for (let tries = 0; tries < TRIES && !flight.isOver; tries += 1) {
      while (freedom() === 'wait' && !flight.isOver) await flight.rest();
      if (flight.isOver) return;
      const seen = await this.#step(flight, sight, tries === TRIES - 1);
      if (seen === 'ended') return;
      if (seen === 'unknown') continue;
      sight = seen;
      if (freedom() === 'look') {
        // Its owner may claim it at any moment.
        await flight.rest(LOOK_AGAIN);
        tries -= 1;
      } else if (seen.left === 'free') await flight.rest(WRITE_TIME);
    }
    this.#nowhere(flight, 'the store does not answer, or others were faster each time');
  }

  async #step(flight: Flight, sight: Sight, isLast: boolean): Promise<Seen> {
    const taken = this.#parts.freedom() === 'take' ? await this.#take(flight, sight) : undefined;
    return taken ?? this.#look(flight, isLast);
  }

  /** Writes the claim. Undefined when another write came first, which a look explains. */
  async #take(flight: Flight, sight: Sight): Promise<Seen | undefined> {
    const { store, claims, counts, maxMeetups, left } = this.#parts;
    if (claims.size >= maxMeetups) return this.#nowhere(flight, `this replica serves ${maxMeetups} meetups`);
    const claim = this.#parts.claim();
    const put = await store.putClaim(flight.meetupId, claim, sight.expected);
    if (put.t === 'unknown') {
      left(flight.meetupId);
      return 'unknown';
    }
    if (put.t === 'conflict') {
      counts.conflicts += 1;
      return undefined;
    }
    // Written under an incarnation that has ended meanwhile, which is no claim any more.
    if (claim.incarnation !== this.#parts.claim().incarnation) {
      left(flight.meetupId);
      return { expected: put.sequence, left: 'own' };
    }
    if (sight.left === 'dead') counts.takenOver += 1;
    else counts.taken += 1;
    return this.#taken(flight, put.sequence);
  }

  #taken(flight: Flight, sequence: number): Seen {
    const { store, clock, claims, freedom, left } = this.#parts;
    const { meetupId, newcomers } = flight;
    if (newcomers > 0) {
      claims.took(meetupId, sequence, newcomers, clock.steady());
      flight.end(HERE);
      return 'ended';
    }
    // The search took too long, and nobody waits for it any more.
    left(meetupId);
    if (freedom() !== 'wait') store.releaseClaim(sequence);
    return 'ended';
  }

  /** Reads whose the meetup is. `isLast`: no further attempt follows. */
  async #look(flight: Flight, isLast: boolean): Promise<Seen> {
    const { store } = this.#parts;
    const read = await store.readClaim(flight.meetupId);
    if (read.t === 'unknown') return 'unknown';
    if (read.stored === undefined) return FREE;
    const { value, sequence } = read.stored;
    // The answer to a write was lost, or a release has not come through. A new write makes sure that no late release takes the claim away.
    if (value.incarnation === this.#parts.claim().incarnation) return { expected: sequence, left: 'own' };
    const owner: Owner = { incarnation: value.incarnation, replica: value.name, address: value.address };
    const life = await this.#lifeOf(owner, flight.evidence);
    if (life === 'dead') return { expected: sequence, left: 'dead' };
    if (life === 'unknown') return 'unknown';
    const fault = isOf(flight.evidence, owner) ? flight.evidence.fault : undefined;
    if (fault === 'moved' && !isLast) {
      // Its release is on the way.
      await flight.rest(RELEASE_TIME);
      return 'unknown';
    }
    if (fault !== undefined || this.#isEarlier(owner))
      return this.#nowhere(flight, `${owner.replica}, which serves the meetup, ${FAULTS[fault ?? 'replaced']}`);
    flight.end({ t: 'there', owner });
    return 'ended';
  }

  #lifeOf(owner: Owner, evidence: HopEvidence | undefined): Life | Promise<Life> {
    const { deaths } = this.#parts;
    if (isOf(evidence, owner) && evidence.fault !== 'moved') return deaths.judge(evidence);
    return this.#isEarlier(owner) ? deaths.judge({ owner, fault: 'replaced' }) : deaths.of(owner.incarnation);
  }

  /** Whether an owner is an earlier run of this replica: at its address is this one. */
  #isEarlier({ address }: Owner): boolean {
    return address === this.#parts.claim().address;
  }

  #nowhere(flight: Flight, detail: string): Seen {
    flight.end({ t: 'nowhere', detail });
    return 'ended';
  }
}

const FAULTS: Readonly<Record<HopEvidence['fault'], string>> = {
  refused: 'does not listen',
  replaced: 'has begun anew',
  silent: 'does not answer',
  moved: 'says that it does not',
};

function isOf(evidence: HopEvidence | undefined, { incarnation }: Owner): evidence is HopEvidence {
  return evidence?.owner.incarnation === incarnation;
}

function names(placement: Placement, { incarnation }: Owner): boolean {
  return placement.t === 'there' && placement.owner.incarnation === incarnation;
}
