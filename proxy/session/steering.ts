import { type BlockSelector, selects } from '../policy/limits/blocks.js';
import { atOnce, inSlices } from '../policy/rules/slices.js';
import type { EndingLabel } from '../wire/close.js';
import { hasExpired } from '../x509/identity.js';
import type { Admission } from './life/admission.js';
import type { Peer } from './life/peer.js';
import type { Present } from './views/present.js';

/** The reason why a live peer may stay no longer. */
export interface Verdict {
  readonly label: EndingLabel;
  readonly detail?: string;
}

/** The peers that an order ends; peers that are not here are left out. */
export type PeerSelection =
  | { readonly t: 'peers'; readonly uids: readonly string[] }
  | { readonly t: 'session'; readonly uid: string }
  | { readonly t: 'selected'; readonly selector: BlockSelector };

/** Gives the reason why a live connection may stay no longer; undefined while it may. */
export type Judge = (admission: Admission) => Verdict | undefined;

/**
 * The one way by which operators, the policy, revocation, expiry, drain, memory and the loss of a meetup end connections. Every method returns the number of
 * connections that it ended. If one call ends both peers of a pair, each is told its own reason; if it ends one, the other is told that
 * its peer went [CLOSE-1]. A peer that breaks a rule of its own is ended where that is found, with `Peer.end`.
 */
export class Steering {
  readonly #present: Present;
  /** The peers that the present call ends, and the reason for each. */
  #underway: ReadonlyMap<Peer, Verdict> = new Map();

  constructor(present: Present) {
    this.#present = present;
  }

  /** Ends the named peers, for one reason; where they are many, most of them a little later. */
  end(selection: PeerSelection, verdict: Verdict): number {
    const verdicts = new Map(this.#named(selection).map((peer) => [peer, verdict]));
    const { length } = livingIn(verdicts);
    void this.endEachInSlices(verdicts);
    return length;
  }

  /** Ends every connection for which the judge gives a reason. All are judged before any peer goes. */
  sweep(judge: Judge): number {
    return this.endEach(atOnce(this.#verdicts(judge)));
  }

  /** Sweeps in slices: with a large policy and many peers, judging takes longer than a message should wait, and so does the end of many. */
  async sweepInSlices(judge: Judge): Promise<number> {
    return this.endEachInSlices(await inSlices(this.#verdicts(judge)));
  }

  /** Ends whoever sits at these meetups, or was let in to sit there, before anything else happens: they are, or soon may be, another replica's. */
  depose(meetupIds: ReadonlySet<string>, label: 'deposed' | 'unplaced' = 'deposed'): number {
    return this.sweep(({ meetupId }) => (meetupIds.has(meetupId) ? { label } : undefined));
  }

  /** Ends each peer of a set for its own reason; the core uses it, because it knows its peers. */
  endEach(verdicts: ReadonlyMap<Peer, Verdict>): number {
    return atOnce(this.#endings(verdicts));
  }

  /** The same, in slices where they are many; resolves when all have ended. */
  async endEachInSlices(verdicts: ReadonlyMap<Peer, Verdict>): Promise<number> {
    return livingIn(verdicts).length <= MAX_AT_ONCE ? this.endEach(verdicts) : inSlices(this.#endings(verdicts));
  }

  /** The reason for a peer whose other peer has gone: its own reason if the same call ends both. */
  verdictOn(survivor: Peer): Verdict {
    return this.#underway.get(survivor) ?? ITS_PEER_WENT;
  }

  *#endings(verdicts: ReadonlyMap<Peer, Verdict>): Generator<void, number> {
    const living = livingIn(verdicts);
    for (const [peer, { label, detail }] of living) {
      const before = this.#underway;
      this.#underway = verdicts;
      try {
        peer.end(label, detail);
      } finally {
        this.#underway = before;
      }
      yield;
    }
    return living.length;
  }

  *#verdicts(judge: Judge): Generator<void, ReadonlyMap<Peer, Verdict>> {
    const verdicts = new Map<Peer, Verdict>();
    for (const peer of this.#present.peers) {
      const verdict = judge(peer.admission);
      if (verdict !== undefined) verdicts.set(peer, verdict);
      yield;
    }
    return verdicts;
  }

  #named(selection: PeerSelection): readonly Peer[] {
    switch (selection.t) {
      case 'peers':
        return selection.uids.flatMap((uid) => this.#present.peer(uid) ?? []);
      case 'session':
        return this.#present.session(selection.uid)?.peers ?? [];
      case 'selected':
        return [...this.#present.peers].filter(({ admission }) =>
          selects(selection.selector, admission.identity, admission.meetupId),
        );
    }
  }
}

function livingIn(verdicts: ReadonlyMap<Peer, Verdict>): readonly (readonly [Peer, Verdict])[] {
  return [...verdicts].filter(([{ state }]) => state.t !== 'ended');
}

/** Peers that are ended in one go: a message may stand behind them for some milliseconds. */
const MAX_AT_ONCE = 64;

const ITS_PEER_WENT: Verdict = { label: 'peer_disconnected' };

/** The verdict on a certificate whose time has run out [CLOSE-3]. `now` in milliseconds since the epoch. */
export function expiryVerdict(notAfter: number, now: number): Verdict | undefined {
  return hasExpired(notAfter, now) ? { label: 'certificate_expired' } : undefined;
}
