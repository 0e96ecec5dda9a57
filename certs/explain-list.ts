import { dissect } from './anatomy.js';
import { AUTHORITY_NAMES, type AuthorityName, loadAuthorityCertificate } from './authority.js';
import type { SignedList } from './crl.js';
import { CertsFailure } from './failure.js';
import { readLists } from './lists.js';
import { formatName } from './name.js';
import { daysUntil, inDays, isoSeconds, LIST_DUE_DAYS } from './validity.js';

/** A revocation list, explained, as `certs crl -o json` prints it. */
export interface ListFacts {
  /** RFC 4514. */
  readonly issuer: string;
  /** The authority of the directory that signed it, or null when none did. */
  readonly signedBy: AuthorityName | null;
  /** CRL number, decimal; a string because it may pass 2^53. */
  readonly number: string;
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
  /** Whole days until the next update; negative when it is past, null when there is none. */
  readonly daysLeft: number | null;
  readonly revoked: readonly { readonly serial: string; readonly since: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

/** Explains a list against the authorities of `dir`. */
export async function explainList(dir: string, list: SignedList): Promise<ListFacts> {
  const signedBy = await signerOf(dir, list);
  const daysLeft = list.nextUpdate === undefined ? null : daysUntil(list.nextUpdate);
  return {
    issuer: formatName(list.issuer),
    signedBy,
    number: list.number.toString(),
    thisUpdate: isoSeconds(list.thisUpdate),
    nextUpdate: list.nextUpdate === undefined ? null : isoSeconds(list.nextUpdate),
    daysLeft,
    revoked: list.entries.map(({ serial, since, reason }) => ({ serial, since: isoSeconds(since), reason })),
    warnings: [
      ...(signedBy === null
        ? [`not signed by an authority in ${dir}: Envoy refuses every certificate of this issuer`]
        : []),
      ...dueWarnings(daysLeft),
    ],
  };
}

/** Warnings about the lists in force, one line each; a damaged list is among them. */
export async function listWarnings(dir: string): Promise<readonly string[]> {
  try {
    return await warningsOf(dir);
  } catch (error) {
    if (error instanceof CertsFailure) return [error.message];
    throw error;
  }
}

async function warningsOf(dir: string): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { list } of await readLists(dir)) {
    const facts = await explainList(dir, list);
    warnings.push(...facts.warnings.map((warning) => `the revocation list of ${facts.issuer}: ${warning}`));
  }
  return warnings;
}

function dueWarnings(daysLeft: number | null): string[] {
  const remedy = 'sign it with ws-proxy certs crl --sign';
  if (daysLeft === null || daysLeft >= LIST_DUE_DAYS) return [];
  if (daysLeft < 0) return [`past its next update: Envoy refuses every certificate of this issuer; ${remedy}`];
  return [
    `its next update is due in ${inDays(daysLeft)}, and past it Envoy refuses every certificate of this issuer; ${remedy}`,
  ];
}

async function signerOf(dir: string, list: SignedList): Promise<AuthorityName | null> {
  for (const name of AUTHORITY_NAMES) {
    const certificate = await loadAuthorityCertificate(dir, name);
    if (certificate === undefined || !dissect(certificate.raw).subject.equals(list.issuer)) continue;
    if (list.isSignedBy(certificate.publicKey)) return name;
  }
  return null;
}
