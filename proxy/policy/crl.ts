import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { canonicalNames } from '../wire/canonical-names.js';
import {
  children,
  DerFault,
  dottedOid,
  type Element,
  elementAt,
  epochSeconds,
  expect,
  hexInteger,
  tags,
} from '../wire/der.js';
import { identityOfCertificate, nameAt } from '../wire/identity-of-certificate.js';
import { pemBlocks } from '../wire/pem.js';
import { canonicalName } from '../wire/subject-fields.js';

/** A certificate revocation list (RFC 5280 §5). */
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
export interface CrlAuthority {
  /** Canonical text of its name. */
  readonly name: string;
  readonly key: KeyObject;
}

/** Largest file of lists, in bytes: room for more than 200,000 entries. */
export const MAX_CRL_BYTES = 16 * 1024 * 1024;

/** The digest of each signature algorithm that is checked; null where the algorithm says it itself. */
const digests: ReadonlyMap<string, string | null> = new Map([
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

/** The authorities in a PEM file. Throws DerFault saying what is wrong. */
export function authoritiesIn(pem: string): readonly CrlAuthority[] {
  const ders = pemBlocks(pem, 'CERTIFICATE');
  if (ders === undefined || ders.length === 0) throw new DerFault('no whole certificate in PEM form');
  return ders.map((der) => {
    const identity = identityOfCertificate(der);
    if ('fault' in identity) throw new DerFault(identity.fault);
    return { name: canonicalNames(identity.ok).subject, key: new X509Certificate(der).publicKey };
  });
}

/**
 * The lists in a file: PEM, one or several, or DER, one. Each must be signed by one of the authorities; without authorities no
 * signature is checked. Throws DerFault saying what is wrong.
 *
 * @param stranger is told of each list whose issuer is none of the authorities; it is left out then, as long as another list is
 *   left. Without it such a list is a fault.
 */
export function listsIn(
  file: Buffer,
  authorities: readonly CrlAuthority[] | undefined,
  stranger?: (issuer: string) => void,
): readonly RevocationList[] {
  const ders = file[0] === tags.sequence ? [file] : pemBlocks(file.toString('latin1'), 'X509 CRL');
  if (ders === undefined || ders.length === 0) throw new DerFault('no whole X509 CRL in PEM or DER form');
  const lists = ders.map((der) => readList(der, authorities));
  const known = lists.filter(({ issuer }) => authorities?.some(({ name }) => name === issuer) ?? true);
  if (known.length === lists.length) return lists;
  if (stranger === undefined || known.length === 0) throw new DerFault('its issuer is none of the authorities given');
  for (const { issuer } of lists) if (!known.some((list) => list.issuer === issuer)) stranger(issuer);
  return known;
}

function readList(der: Buffer, authorities: readonly CrlAuthority[] | undefined): RevocationList {
  const whole = expect(elementAt(der, 0), tags.sequence, 'the list');
  if (whole.end !== der.length) throw new DerFault('the list has bytes behind its end');
  const [body, algorithm, signature] = children(der, whole);
  const fields = children(der, expect(body, tags.sequence, 'the list’s body'));
  if (fields[0]?.tag === tags.integer) fields.shift();
  const [inner, issuerName, thisUpdate, ...rest] = fields;
  if (body === undefined || thisUpdate === undefined) throw new DerFault('the list is cut off');
  if (!isSame(der, inner, algorithm)) throw new DerFault('it names two signature algorithms');
  const issuer = canonicalName(nameAt(der, expect(issuerName, tags.sequence, 'the issuer')));
  const signers = authorities?.filter(({ name }) => name === issuer) ?? [];
  if (signers.length > 0) checkSignature(der.subarray(body.at, body.end), der, { algorithm, signature }, signers);
  const nextUpdate = isTime(rest[0]) ? rest.shift() : undefined;
  refuseCriticalExtensions(
    der,
    rest.find((field) => field.tag === EXTENSIONS),
  );
  return {
    issuer,
    thisUpdate: epochSeconds(der, thisUpdate),
    nextUpdate: nextUpdate === undefined ? undefined : epochSeconds(der, nextUpdate),
    serials: serialsIn(
      der,
      rest.find((field) => field.tag === tags.sequence),
    ),
  };
}

function isSame(der: Buffer, a: Element | undefined, b: Element | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return der.subarray(a.at, a.end).equals(der.subarray(b.at, b.end));
}

function isTime(element: Element | undefined): boolean {
  return element?.tag === tags.utcTime || element?.tag === tags.generalizedTime;
}

/** Entries by the hundred thousand: walked by offset, without a list of elements. */
function serialsIn(der: Buffer, entries: Element | undefined): ReadonlySet<string> {
  const serials = new Set<string>();
  if (entries === undefined) return serials;
  for (let at = entries.start; at < entries.end; ) {
    const entry = expect(elementAt(der, at, entries.end), tags.sequence, 'an entry');
    serials.add(hexInteger(der, elementAt(der, entry.start, entry.end)));
    at = entry.end;
  }
  return serials;
}

/** A critical extension may narrow the list to some certificates or to changes (RFC 5280 §5.2): then it does not say enough. */
function refuseCriticalExtensions(der: Buffer, wrapped: Element | undefined): void {
  if (wrapped === undefined) return;
  const [list] = children(der, wrapped);
  for (const extension of children(der, expect(list, tags.sequence, 'the list of extensions'))) {
    const [id, critical] = children(der, extension);
    if (id === undefined || critical?.tag !== tags.boolean || der[critical.start] === 0) continue;
    throw new DerFault(`critical extension ${dottedOid(der, id)}: only whole lists, direct and not delta, are read`);
  }
}

interface Seal {
  readonly algorithm: Element | undefined;
  readonly signature: Element | undefined;
}

function checkSignature(signed: Buffer, der: Buffer, seal: Seal, signers: readonly CrlAuthority[]): void {
  const [id] = children(der, expect(seal.algorithm, tags.sequence, 'the signature algorithm'));
  const oid = id === undefined ? '' : dottedOid(der, id);
  const digest = digests.get(oid);
  if (digest === undefined) throw new DerFault(`signature algorithm ${oid} is not supported`);
  const { start, end } = expect(seal.signature, tags.bitString, 'the signature');
  if (der[start] !== 0) throw new DerFault('its signature is not a whole number of bytes');
  const signature = der.subarray(start + 1, end);
  if (!signers.some(({ key }) => isSignedBy(digest, signed, key, signature))) {
    throw new DerFault('its signature is not the authority’s');
  }
}

function isSignedBy(digest: string | null, signed: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(digest, signed, key, signature);
  } catch {
    return false;
  }
}
