import type { X509Certificate } from 'node:crypto';
import { AUTHORITY_NAMES, type AuthorityName, loadAuthority, loadAuthorityCertificate } from './authority.js';
import { isIssuedBy, serialOf } from './credential.js';
import { type RevokedEntry, revokedEntry } from './crl.js';
import { CertsFailure } from './failure.js';
import { listOf, readLists, updateLists } from './lists.js';
import { withLock } from './lock.js';
import type { Reason } from './reason.js';
import { LIST_DAYS } from './validity.js';

/** A certificate, by what a list knows of it. */
export interface Revocable {
  readonly issuer: AuthorityName;
  /** Lower-case hex without leading zeros. */
  readonly serial: string;
}

/** What a revocation did. */
export interface Revocation {
  readonly state: 'revoked' | 'already revoked';
  /** When the certificate was revoked first, and why. */
  readonly entry: RevokedEntry;
  /** Number of the list that says so. */
  readonly number: bigint;
}

/** Which authority of the directory signed the certificate, if one did. */
export async function findIssuer(dir: string, certificate: X509Certificate): Promise<AuthorityName | undefined> {
  for (const name of AUTHORITY_NAMES) {
    const authority = await loadAuthorityCertificate(dir, name);
    if (authority !== undefined && isIssuedBy(certificate, authority)) return name;
  }
  return undefined;
}

/** What a list must know of a certificate to revoke it. @throws CertsFailure when no authority here signed it */
export async function revocableOf(dir: string, certificate: X509Certificate, where: string): Promise<Revocable> {
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
export function revoke(dir: string, which: Revocable, reason: Reason, days = LIST_DAYS): Promise<Revocation> {
  return withLock(dir, async () => {
    const known = await findEntry(dir, which);
    const entry = known ?? revokedEntry(which.serial, new Date(), reason);
    const apply = (entries: readonly RevokedEntry[]) => (known ? entries : [...entries, entry]);
    const number = await updateLists(dir, days, { target: which.issuer, apply });
    return { state: known === undefined ? 'revoked' : 'already revoked', entry, number };
  });
}

/**
 * Takes a certificate off its issuer's list.
 *
 * @returns the number of the new list
 * @throws CertsFailure when it is not on it, or was revoked for a key that is known to others and `force` is false
 */
export function unrevoke(dir: string, which: Revocable, force: boolean, days = LIST_DAYS): Promise<bigint> {
  return withLock(dir, async () => {
    const known = await findEntry(dir, which);
    if (known === undefined) throw new CertsFailure(`serial ${which.serial} is not revoked; nothing changed`);
    if (known.reason === 'keyCompromise' && !force) {
      throw new CertsFailure(
        `serial ${which.serial} was revoked for keyCompromise; issue a new certificate, or use --force`,
      );
    }
    const apply = (entries: readonly RevokedEntry[]) => entries.filter(({ serial }) => serial !== which.serial);
    return updateLists(dir, days, { target: which.issuer, apply });
  });
}

/** Signs every list whose key is in the directory anew, and makes those that are missing. Returns the root's number. */
export function signLists(dir: string, days = LIST_DAYS): Promise<bigint> {
  return withLock(dir, () => updateLists(dir, days, { target: 'root', apply: (entries) => entries }));
}

async function findEntry(dir: string, { issuer, serial }: Revocable): Promise<RevokedEntry | undefined> {
  const authority = await loadAuthority(dir, issuer);
  const entries = listOf(dir, await readLists(dir), authority)?.list.entries ?? [];
  return entries.find((entry) => entry.serial === serial);
}
