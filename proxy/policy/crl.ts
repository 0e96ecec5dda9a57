import { type KeyObject, X509Certificate } from 'node:crypto';
import { canonicalNames } from '../wire/canonical-names.js';
import { children, DerFault, type Element, elementAt, epochSeconds, expect, hexInteger, tags } from '../wire/der.js';
import { extensionsIn } from '../wire/extensions.js';
import { identityOfCertificate, nameAt } from '../wire/identity-of-certificate.js';
import { type ListScope, scopeOf } from '../wire/list-scope.js';
import { pemBlocks } from '../wire/pem.js';
import { sealOf } from '../wire/seal.js';
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
  readonly scope: ListScope;
}

/** Who may sign a list: name and key of a certificate authority. */
export interface CrlAuthority {
  /** Canonical text of its name. */
  readonly name: string;
  readonly key: KeyObject;
}

/** Largest file of lists, in bytes: room for more than 200,000 entries. */
export const MAX_CRL_BYTES = 16 * 1024 * 1024;

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

/** What a file of lists holds. */
export interface ListFile {
  /** The lists of the authorities, or without authorities all. */
  readonly lists: readonly RevocationList[];
  /** The issuers of the other lists, which are left out whatever they are. */
  readonly strangers: readonly string[];
  /** The file without what Envoy could not read either: a stranger’s list that is broken would have it refuse everybody. */
  readonly content: Buffer;
}

/**
 * The lists in a file: PEM, one or several, or DER, one. Each must be signed by the authority of its name; without authorities no
 * signature is checked. Throws DerFault saying what is wrong, and with whose list.
 */
export function listsIn(file: Buffer, authorities: readonly CrlAuthority[] | undefined): ListFile {
  const ders = file[0] === tags.sequence ? [file] : pemBlocks(file.toString('latin1'), 'X509 CRL');
  if (ders === undefined || ders.length === 0) throw new DerFault('no whole X509 CRL in PEM or DER form');
  const lists: RevocationList[] = [];
  const strangers: string[] = [];
  const whole: Buffer[] = [];
  for (const der of ders) {
    const parts = partsOf(der);
    const isKnown = authorities?.some(({ name }) => name === parts.issuer) ?? true;
    if (isKnown) lists.push(readList(der, parts, authorities));
    else strangers.push(parts.issuer);
    if (isKnown || isReadable(der, parts)) whole.push(der);
  }
  return { lists, strangers, content: whole.length === ders.length ? file : Buffer.from(whole.map(pemText).join('')) };
}

/** What is wrong with a file that has lists of strangers alone. */
export const NO_AUTHORITY = 'its issuer is none of the authorities given';

function isReadable(der: Buffer, parts: Parts): boolean {
  try {
    readKnown(der, parts, undefined);
    return true;
  } catch (fault) {
    if (fault instanceof DerFault) return false;
    throw fault;
  }
}

function pemText(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
}

/** A list, opened as far as its issuer: whose it is decides whether the rest matters. */
interface Parts {
  readonly issuer: string;
  readonly body: Element;
  readonly inner: Element | undefined;
  readonly algorithm: Element | undefined;
  readonly signature: Element | undefined;
  readonly rest: readonly Element[];
}

function partsOf(der: Buffer): Parts {
  const whole = expect(elementAt(der, 0), tags.sequence, 'the list');
  if (whole.end !== der.length) throw new DerFault('the list has bytes behind its end');
  const [body, algorithm, signature] = children(der, whole);
  const fields = children(der, expect(body, tags.sequence, 'the list’s body'));
  if (fields[0]?.tag === tags.integer) fields.shift();
  const [inner, issuerName, ...rest] = fields;
  if (body === undefined || issuerName === undefined) throw new DerFault('the list is cut off');
  const issuer = canonicalName(nameAt(der, expect(issuerName, tags.sequence, 'the issuer')));
  return { issuer, body, inner, algorithm, signature, rest };
}

function readList(der: Buffer, parts: Parts, authorities: readonly CrlAuthority[] | undefined): RevocationList {
  try {
    return readKnown(der, parts, authorities);
  } catch (fault) {
    if (fault instanceof DerFault) throw new DerFault(`the list of ${JSON.stringify(parts.issuer)}: ${fault.message}`);
    throw fault;
  }
}

function readKnown(
  der: Buffer,
  { issuer, body, inner, algorithm, signature, rest: [thisUpdate, ...rest] }: Parts,
  authorities: readonly CrlAuthority[] | undefined,
): RevocationList {
  if (thisUpdate === undefined) throw new DerFault('the list is cut off');
  if (!isSame(der, inner, algorithm)) throw new DerFault('it names two signature algorithms');
  const signers = authorities?.filter(({ name }) => name === issuer);
  const seal = signers && sealOf(der, body, algorithm, signature);
  if (seal !== undefined && !signers?.some(({ key }) => seal(key)))
    throw new DerFault('its signature is not the authority’s');
  const nextUpdate = isTime(rest[0]) ? rest.shift() : undefined;
  const extensions = extensionsIn(
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
    scope: scopeOf(der, extensions),
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
