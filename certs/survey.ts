import type { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dissect } from './anatomy.js';
import { type AuthorityName, loadAuthorityCertificate } from './authority.js';
import { isIssuedBy, type PemContent, parsePem, serialOf } from './credential.js';
import { decodeList } from './crl.js';
import { type CertificateFacts, explainCertificate } from './explain.js';
import { explainList, type ListFacts } from './explain-list.js';
import { readPemFile } from './files.js';
import { type ListInForce, readLists } from './lists.js';
import { findIssuer } from './revocation.js';
import { isoSeconds } from './validity.js';

/** A certificate in a file, as the directory's authorities and lists judge it. */
export interface SurveyedCertificate extends CertificateFacts {
  /** The signer: an authority of the directory, itself, the next certificate of the file, or an unknown signer. */
  readonly signedBy: AuthorityName | 'itself' | 'the next in the file' | null;
  /** Set when a list in force has it. */
  readonly revoked: { readonly since: string; readonly reason: string } | null;
}

/** A PEM file, explained, as `certs show -o json` prints it. */
export interface Survey {
  readonly file: string;
  /** In the order of the file. */
  readonly certificates: readonly SurveyedCertificate[];
  /** Whether the file has a private key, and whether it is the first certificate's. */
  readonly privateKey: 'none' | 'alone' | 'of the certificate' | 'of another certificate';
  readonly lists: readonly ListFacts[];
  /** Warnings about the file as a whole. */
  readonly warnings: readonly string[];
}

/** The context of a survey besides the file: a directory of authorities and the lists in force there, read once. */
export interface Surroundings {
  readonly dir: string;
  readonly inForce: readonly ListInForce[];
}

/** Reads the surroundings of a survey. @throws CertsFailure when the lists in force are damaged */
export async function surroundingsOf(dir: string): Promise<Surroundings> {
  return { dir, inForce: await readLists(dir) };
}

/** Explains every certificate and list in a PEM file. */
export async function surveyFile(path: string, surroundings: Surroundings): Promise<Survey> {
  const content = parsePem(await readPemFile(path), path);
  const privateKey = keyState(content);
  const { mode } = await stat(path);
  const certificates: SurveyedCertificate[] = [];
  for (const [at, certificate] of content.certificates.entries()) {
    certificates.push(await surveyCertificate(surroundings, certificate, content.certificates[at + 1]));
  }
  const lists = [];
  for (const { der } of content.lists) lists.push(await explainList(surroundings.dir, decodeList(der, path)));
  return {
    file: path,
    certificates,
    privateKey,
    lists,
    warnings: [
      ...(privateKey === 'of another certificate'
        ? ["the private key is not the certificate's; put the right one in"]
        : []),
      ...(privateKey !== 'none' && (mode & 0o077) !== 0 ? [`others can read the private key; chmod 600 ${path}`] : []),
    ],
  };
}

async function surveyCertificate(
  { dir, inForce }: Surroundings,
  certificate: X509Certificate,
  next: X509Certificate | undefined,
): Promise<SurveyedCertificate> {
  const facts = explainCertificate(certificate);
  const signedBy = await signerOf(dir, certificate, next);
  const revoked = findRevocation(inForce, certificate);
  const anyRoot = await loadAuthorityCertificate(dir, 'root');
  const stranger = signedBy === null && anyRoot !== undefined;
  return {
    ...facts,
    signedBy,
    revoked,
    warnings: [
      ...(revoked === null ? [] : [`revoked since ${revoked.since} (${revoked.reason}): Envoy refuses it`]),
      ...(stranger ? [`signed by no authority in ${dir}: an Envoy that trusts that root refuses it`] : []),
      ...facts.warnings,
    ],
  };
}

async function signerOf(
  dir: string,
  certificate: X509Certificate,
  next: X509Certificate | undefined,
): Promise<SurveyedCertificate['signedBy']> {
  if (isIssuedBy(certificate, certificate)) return 'itself';
  const authority = await findIssuer(dir, certificate);
  if (authority !== undefined) return authority;
  return next !== undefined && isIssuedBy(certificate, next) ? 'the next in the file' : null;
}

function findRevocation(inForce: readonly ListInForce[], certificate: X509Certificate): SurveyedCertificate['revoked'] {
  const { issuer } = dissect(certificate.raw);
  const serial = serialOf(certificate);
  const entry = inForce
    .filter(({ list }) => Buffer.from(list.issuer).equals(issuer))
    .flatMap(({ list }) => list.entries)
    .find((candidate) => candidate.serial === serial);
  return entry === undefined ? null : { since: isoSeconds(entry.since), reason: entry.reason };
}

function keyState({ certificates: [first], key }: PemContent): Survey['privateKey'] {
  if (key === undefined) return 'none';
  if (first === undefined) return 'alone';
  return first.checkPrivateKey(key) ? 'of the certificate' : 'of another certificate';
}
