import type { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { pemText } from '../proxy/x509/encoding/pem.js';
import { dissect, keyIdentifierOf } from './anatomy.js';
import {
  AUTHORITY_NAMES,
  type Authority,
  type AuthorityName,
  loadAuthority,
  loadAuthorityCertificate,
} from './authority.js';
import { parsePem } from './credential.js';
import { decodeList, encodeList, type RevocationList, type RevokedEntry, type SignedList } from './crl.js';
import { CertsFailure } from './failure.js';
import { certificateFiles, type NewFile, PUBLIC_MODE, readIfThere, writeFiles } from './files.js';
import { formatName } from './name.js';
import { BACKDATE_MS, DAY_MS, isoSeconds, LIST_DAYS } from './validity.js';

/** Most certificates in one list; some 6 MB of PEM. */
export const MAX_REVOKED = 100_000;

/** One list of the file in force. */
export interface ListInForce {
  readonly list: SignedList;
  readonly pem: string;
}

/** The entries of an authority's list after an update. */
export interface ListChange {
  readonly target: AuthorityName;
  /** Called before anything is written; when it throws, everything stays as it was. */
  readonly apply: (entries: readonly RevokedEntry[]) => readonly RevokedEntry[];
}

/** The file with the lists in force: the root's and, where there is an intermediate, its own. */
export function listPath(dir: string): string {
  return join(dir, 'root.crl.pem');
}

/**
 * The lists in force; none when there is no file.
 *
 * @throws CertsFailure when the file is damaged
 */
export async function readLists(dir: string): Promise<ListInForce[]> {
  const path = listPath(dir);
  const text = await readIfThere(path);
  if (text === undefined) return [];
  const { lists } = parsePem(text, path);
  if (lists.length === 0) throw new CertsFailure(`${path}: no X509 CRL block in it; put the list back from a backup`);
  return lists.map(({ der, pem }) => ({ list: decodeList(der, path), pem }));
}

/**
 * Signs every list whose key is in the directory anew, makes those that are missing, and applies `change`. The caller holds the lock.
 *
 * @returns the number of the target's list
 * @throws CertsFailure when the target's key is not in the directory, or a list is damaged or full
 */
export async function updateLists(dir: string, days: number, change: ListChange): Promise<bigint> {
  const before = await readLists(dir);
  const replaced = new Set<ListInForce>();
  const after: string[] = [];
  let number = 0n;
  for (const name of await signersIn(dir, change.target)) {
    const authority = await loadAuthority(dir, name);
    const current = listOf(dir, before, authority);
    if (current !== undefined) replaced.add(current);
    const entries = current?.list.entries ?? [];
    const list = nextList(authority, current?.list, name === change.target ? change.apply(entries) : entries, days);
    after.push(signList(dir, list, authority));
    if (name === change.target) number = list.number;
  }
  // Lists that cannot be signed here stay as they are.
  const kept = before.filter((list) => !replaced.has(list));
  await writeFiles([listFile(dir, after, kept)], false);
  return number;
}

/**
 * The file in force with an empty list for a new authority, in place of the one that it replaces. Its revocations go with it: nothing
 * trusts the old root any more.
 */
export async function listWithNew(
  dir: string,
  authority: Authority,
  replaces: X509Certificate | undefined,
): Promise<NewFile> {
  const gone = [authority.certificate, ...(replaces === undefined ? [] : [replaces])].map(subjectOf);
  const kept = (await readLists(dir)).filter(({ list }) => !gone.some((subject) => subject.equals(list.issuer)));
  return listFile(dir, [signList(dir, nextList(authority, undefined, [], LIST_DAYS), authority)], kept);
}

/** The authority's list among those in force. @throws CertsFailure when the list bears its name and not its signature */
export function listOf(
  dir: string,
  lists: readonly ListInForce[],
  { name, certificate }: { readonly name: AuthorityName; readonly certificate: X509Certificate },
): ListInForce | undefined {
  const subject = subjectOf(certificate);
  const found = lists.find(({ list }) => subject.equals(list.issuer));
  if (found === undefined || found.list.isSignedBy(certificate.publicKey)) return found;
  throw new CertsFailure(
    `${listPath(dir)}: the list of ${formatName(subject)} is not signed by ${name}.cert.pem; put the right one back, or delete it to begin an empty one`,
  );
}

function nextList(
  authority: Authority,
  current: RevocationList | undefined,
  entries: readonly RevokedEntry[],
  days: number,
): RevocationList {
  if (entries.length > MAX_REVOKED) {
    throw new CertsFailure(`the ${authority.name}'s list is full (${MAX_REVOKED}); issue from a new intermediate`);
  }
  const [now, before] = [Date.now(), current?.thisUpdate.getTime() ?? 0];
  if (before > now) {
    // The service takes no list that is older than the one in force.
    throw new CertsFailure(
      `the ${authority.name}'s list is of ${isoSeconds(new Date(before))} and the clock of this machine says ${isoSeconds(new Date(now))}; set the clock, nothing was changed`,
    );
  }
  return {
    issuer: subjectOf(authority.certificate),
    number: (current?.number ?? 0n) + 1n,
    thisUpdate: new Date(Math.max(now - BACKDATE_MS, before)),
    nextUpdate: new Date(Date.now() + days * DAY_MS),
    entries,
  };
}

/** Signs and reads back: a list that cannot be read would lock every client out. */
function signList(dir: string, list: RevocationList, authority: Authority): string {
  const der = encodeList(list, authority.key, keyIdentifierOf(dissect(authority.certificate.raw)));
  const back = decodeList(der, listPath(dir));
  if (!back.isSignedBy(authority.certificate.publicKey) || back.entries.length !== list.entries.length) {
    throw new CertsFailure(
      `${listPath(dir)}: the ${authority.name}'s key makes a list that does not verify; nothing changed`,
    );
  }
  return pemText('X509 CRL', der);
}

function listFile(dir: string, signed: readonly string[], kept: readonly ListInForce[]): NewFile {
  const text = [...signed, ...kept.map(({ pem }) => pem)].join('');
  return { path: listPath(dir), text, mode: PUBLIC_MODE, replace: true };
}

/** The authorities that can sign here, and the target in any case, so that what it lacks is named. */
async function signersIn(dir: string, target: AuthorityName): Promise<AuthorityName[]> {
  const signers: AuthorityName[] = [];
  for (const name of AUTHORITY_NAMES) if (name === target || (await canSign(dir, name))) signers.push(name);
  return signers;
}

/** Without its key, or after its end, an authority must not stand in the way of another's revocation. */
async function canSign(dir: string, name: AuthorityName): Promise<boolean> {
  if ((await readIfThere(certificateFiles(dir, name).key)) === undefined) return false;
  const certificate = await loadAuthorityCertificate(dir, name);
  return certificate !== undefined && Date.parse(certificate.validTo) > Date.now();
}

function subjectOf(certificate: X509Certificate): Buffer {
  return dissect(certificate.raw).subject;
}
