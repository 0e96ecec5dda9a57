import { atOnce } from '../policy/slices.js';
import type { EndingLabel } from '../wire/close.js';
import { hasExpired } from '../x509/identity.js';
import type { Peer } from './peer.js';
import type { Registry } from './registry.js';

/** Why a live peer may stay no longer. */
export interface Verdict {
  readonly label: EndingLabel;
  readonly detail?: string;
}

/** What the judge says of each peer, in steps: with a large policy and many peers it takes longer than a message should wait. */
export function* verdictsOn(
  peers: Iterable<Peer>,
  judge: (peer: Peer) => Verdict | undefined,
): Generator<void, ReadonlyMap<Peer, Verdict>> {
  const verdicts = new Map<Peer, Verdict>();
  for (const peer of peers) {
    const verdict = judge(peer);
    if (verdict !== undefined) verdicts.set(peer, verdict);
    yield;
  }
  return verdicts;
}

/** Ends every peer that the judge names an ending for; returns how many. All are judged before anyone goes. */
export function sweep(registry: Registry, judge: (peer: Peer) => Verdict | undefined): number {
  return registry.end(atOnce(verdictsOn(registry.peers, judge)));
}

/** The verdict on a certificate whose time has run out [CLOSE-3]. `now` in milliseconds since the epoch. */
export function expiryVerdict(notAfter: number, now: number): Verdict | undefined {
  return hasExpired(notAfter, now) ? { label: 'certificate_expired' } : undefined;
}
