import type { EndingLabel } from '../wire/close.js';
import type { Peer } from './peer.js';
import type { Registry } from './registry.js';

/** Why a live peer may stay no longer. */
export interface Verdict {
  readonly label: EndingLabel;
  readonly detail?: string;
}

/** Ends every peer that the judge names an ending for; returns how many. All are judged before anyone goes. */
export function sweep(registry: Registry, judge: (peer: Peer) => Verdict | undefined): number {
  const verdicts = new Map<Peer, Verdict>();
  for (const peer of registry.peers) {
    const verdict = judge(peer);
    if (verdict !== undefined) verdicts.set(peer, verdict);
  }
  return registry.end(verdicts);
}

/** The verdict on a certificate whose time has run out [CLOSE-3]. `now` in milliseconds since the epoch. */
export function expiryVerdict(notAfter: number, now: number): Verdict | undefined {
  return notAfter * 1000 <= now ? { label: 'certificate_expired' } : undefined;
}
