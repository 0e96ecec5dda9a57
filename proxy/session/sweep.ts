import type { EndingLabel } from '../wire/close.js';
import type { Peer } from './peer.js';

/** Why a live peer may stay no longer. */
export interface Verdict {
  readonly label: EndingLabel;
  readonly detail?: string;
}

/** Ends every peer that the judge names an ending for; returns how many. */
export function sweep(peers: Iterable<Peer>, judge: (peer: Peer) => Verdict | undefined): number {
  let ended = 0;
  for (const peer of peers) {
    const verdict = judge(peer);
    if (verdict !== undefined && peer.end(verdict.label, verdict.detail)) ended += 1;
  }
  return ended;
}

/** The verdict on a certificate whose time has run out [CLOSE-3]. `now` in milliseconds since the epoch. */
export function expiryVerdict(notAfter: number, now: number): Verdict | undefined {
  return notAfter * 1000 <= now ? { label: 'certificate_expired' } : undefined;
}
