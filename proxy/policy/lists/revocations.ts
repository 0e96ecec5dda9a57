import type { Identity } from '../../x509/identity.js';
import type { RevocationList } from '../../x509/lists/crl.js';
import { isListed } from '../../x509/lists/crl-checks.js';

/** The reason why an identity may stay no longer, whatever the policy says. */
export interface Revocation {
  readonly label: 'certificate_revoked';
  /** For operators: the list that has the identity. */
  readonly detail: string;
}

/** The lists that the layers above ask at each admission, and for each live peer after a change. */
export interface Revocations {
  check(identity: Identity): Revocation | undefined;
}

/** Joins several lists: the first list that has the identity answers. */
export function anyOf(lists: readonly Revocations[]): Revocations {
  return {
    check(identity) {
      for (const list of lists) {
        const revoked = list.check(identity);
        if (revoked !== undefined) return revoked;
      }
      return undefined;
    },
  };
}

/** The answer for a certificate that is on one of the lists. */
export function revokedBy(lists: readonly RevocationList[], identity: Identity): Revocation | undefined {
  if (!isListed(lists, identity)) return undefined;
  return { label: 'certificate_revoked', detail: 'the serial number is on the revocation list' };
}
