import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { canonicalName } from '../wire/subject-fields.js';
import { children, DerFault, dottedOid, type Element, elementAt, epochSeconds, expect, hexInteger, tags } from '../wire/der.js';
import { nameAt } from '../wire/identity-of-certificate.js';

/** A certificate revocation list (RFC 5280 §5) that one of our authorities signed. */
export interface RevocationList {
  /** Canonical text of the issuer's name. */
  readonly issuer: string;
  /** Seconds since the Unix epoch. */
  readonly thisUpdate: number;
  /** Seconds since the Unix epoch; undefined when the list does not go stale. */
  readonly nextUpdate: number | undefined;
  /** Serial numbers, lower-case hex without leading zeros. */
  readonly serials: ReadonlySet<string>;
}

/** Who may sign a list: name and key of a certificate authority. */
export interface Authority {
  readonly name: string;
  readonly key: KeyObject;
}

/** The hash of each signature algorithm that is checked; null where the algorithm itself says it. */
const signatureHashes: ReadonlyMap<string, string | null> = new Map([
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.3.101.112', null],
]);
/** `[0] crlExtensions` of a TBSCertList. */
const EXTENSIONS = 0xa0;

/** The authorities in a PEM file. Throws DerFault when there is none. */
export function authoritiesIn(pemText: string): readonly Authority[] {
  const found = pemBlocks(pemText, 'CERTIFICATE').map((der) => {
    const certificate = new X509Certificate(der);
    return { name: canonicalName(subjectOf(der)), key: certificate.publicKey };
  });
  if (found.length === 0) throw new DerFault('no certificate in PEM form');
  return found;
}

/** The lists in a file, PEM (one or more) or DER (one), each with a good signature. Throws DerFault saying what is wrong. */
export function listsIn(file: Buffer, authorities: readonly Authority[]): readonly RevocationList[] {
  const isDer = file[0] === tags.sequence;
  const ders = isDer ? [file] : pemBlocks(file.toString('latin1'), 'X509 CRL');
  if (ders.length === 0) throw new DerFault('no X509 CRL in PEM form');
  return ders.map((der) => readList(der, authorities));
}
