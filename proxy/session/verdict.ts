import type { EndingLabel } from '../wire/close.js';
import { hasExpired } from '../x509/identity.js';

/** The reason why a live peer may stay no longer. */
export interface Verdict {
  readonly label: EndingLabel;
  readonly detail?: string;
}

/** The verdict on a certificate whose time has run out [CLOSE-3]. `now` in milliseconds since the epoch. */
export function expiryVerdict(notAfter: number, now: number): Verdict | undefined {
  return hasExpired(notAfter, now) ? { label: 'certificate_expired' } : undefined;
}
