import type { X509Certificate } from 'node:crypto';
import { AUTHORITY_NAMES, type AuthorityName, loadAuthorityCertificate } from './authority.js';
import { isIssuedBy, serialOf } from './credential.js';
import { type RevokedEntry, revokedEntry } from './crl.js';
import { CertsFailure } from './failure.js';
import { updateLists } from './lists.js';
import { withLock } from './lock.js';
import type { Reason } from './reason.js';
import { LIST_DAYS } from './validity.js';

/** A certificate that can be revoked, by the facts that a list holds. */
export interface RevocationSubject {
  readonly issuer: AuthorityName;
  /** Lower-case hex without leading zeros. */
  readonly serial: string;
}

/** The result of a revocation. */
export interface Revocation {
  readonly state: 'revoked' | 'already revoked';
  /** When the certificate was revoked first, and why. */
  readonly entry: RevokedEntry;
  /** Number of the list that says so. */
  readonly number: bigint;
}

/** The authority of the directory that signed the certificate, if one did. */
export async function findIssuer(dir: string, certificate: X509Certificate): Promise<AuthorityName | undefined> {
  for (const name of AUTHORITY_NAMES) {
    const authority = await loadAuthorityCertificate(dir, name);
    if (authority !== undefined && isIssuedBy(certificate, authority)) return name;
  }
  return undefined;
}

/** The facts by which a list revokes a certificate. @throws CertsFailure when no authority here signed it */
export async function revocationSubjectOf(
  dir: string,
  certificate: X509Certificate,
  where: string,
): Promise<RevocationSubject> {
  const issuer = await findIssuer(dir, certificate);
  if (issuer === undefined) {
    throw new CertsFailure(
      `${where} was signed by no authority in ${dir}; name the directory of its issuer with --dir`,
    );
  }
  if (isIssuedBy(certificate, certificate)) {
    throw new CertsFailure(
      `${where} is a root, which no list can revoke; make another root and bring it to every machine`,
    );
  }
  return { issuer, serial: serialOf(certificate) };
}

/**
 * Adds a certificate to its issuer's list. Two at once both land. A certificate that is there already keeps its date and reason.
 *
 * @throws CertsFailure when the issuer's key is not in the directory, or the list is damaged or full
 */
export function revoke(dir: string, which: RevocationSubject, reason: Reason, days = LIST_DAYS): Promise<Revocation> {
  return withLock(dir, async () => {
    const entry = revokedEntry(which.serial, new Date(), reason);
    let known: RevokedEntry | undefined;
    const apply = (entries: readonly RevokedEntry[]) => {
      known = entries.find(({ serial }) => serial === which.serial);
      return known === undefined ? [...entries, entry] : entries;
    };
    const number = await updateLists(dir, days, { target: which.issuer, apply });
    return known === undefined
      ? { state: 'revoked', entry, number }
      : { state: 'already revoked', entry: known, number };
  });
}

/**
 * Takes a certificate off its issuer's list.
 *
 * @returns the number of the new list
 * @throws CertsFailure when it is not on it, or was revoked for a key that is known to others and `force` is false
 */
export function unrevoke(dir: string, which: RevocationSubject, force: boolean, days = LIST_DAYS): Promise<bigint> {
  const apply = (entries: readonly RevokedEntry[]) => {
    const known = entries.find(({ serial }) => serial === which.serial);
    if (known === undefined) throw new CertsFailure(`serial ${which.serial} is not revoked; nothing changed`);
    if (known.reason === 'keyCompromise' && !force) {
      throw new CertsFailure(
        `serial ${which.serial} was revoked for keyCompromise; issue a new certificate, or use --force`,
      );
    }
    return entries.filter((entry) => entry !== known);
  };
  return withLock(dir, () => updateLists(dir, days, { target: which.issuer, apply }));
}

/** Signs every list whose key is in the directory anew, and makes those that are missing. Returns the root's number. */
export function signLists(dir: string, days = LIST_DAYS): Promise<bigint> {
  return withLock(dir, () => updateLists(dir, days, { target: 'root', apply: (entries) => entries }));
}
