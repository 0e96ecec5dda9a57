import { type KeyObject, X509Certificate } from 'node:crypto';
import { canonicalNames } from '../wire/canonical-names.js';
import {
  checkInteger,
  children,
  DerFault,
  type Element,
  elementAt,
  epochSeconds,
  expect,
  hexInteger,
  tags,
} from '../wire/der.js';
import { extensionsIn } from '../wire/extensions.js';
import { identityOfCertificate, nameAt } from '../wire/identity-of-certificate.js';
import { type ListScope, scopeOf } from '../wire/list-scope.js';
import { pemBlocks } from '../wire/pem.js';
import { publishedKeyFault } from '../wire/published-keys.js';
import { sealOf } from '../wire/seal.js';
import { canonicalName } from '../wire/subject-fields.js';
import { atOnce } from './slices.js';

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

/** Most lists in one file. */
const MAX_LISTS = 1000;
/** Entries that are walked in one step. */
const STEP_ENTRIES = 500;

/** Largest file of authorities, in bytes. */
export const MAX_AUTHORITIES_BYTES = 1024 * 1024;

/** Largest file of lists, in bytes: room for more than 200,000 entries. */
export const MAX_CRL_BYTES = 16 * 1024 * 1024;

/** `[0] crlExtensions` of a TBSCertList. */
const EXTENSIONS = 0xa0;

/** The authorities in a PEM file. Throws DerFault saying what is wrong, also of one whose private key is public. */
export function authoritiesIn(pem: string): readonly CrlAuthority[] {
  const ders = pemBlocks(pem, 'CERTIFICATE');
  if (ders === undefined || ders.length === 0) throw new DerFault('no whole certificate in PEM form');
  return ders.map((der) => {
    const read = identityOfCertificate(der);
    const identity = 'ok' in read ? read.ok : read.unforwarded;
    if (identity === undefined) throw new DerFault('fault' in read ? read.fault : '');
    const published = publishedKeyFault(der);
    if (published !== undefined) throw new DerFault(published);
    return { name: canonicalNames(identity).subject, key: new X509Certificate(der).publicKey };
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

/** A list that was checked, with its entries still to be walked. */
interface OpenedList extends Omit<RevocationList, 'serials'> {
  readonly der: Uint8Array;
  /** Where in it the entries stand; undefined when there are none. */
  readonly entries: Element | undefined;
}

/** A file of lists, opened and checked. */
export interface OpenedFile extends Omit<ListFile, 'lists' | 'content'> {
  readonly lists: readonly OpenedList[];
  readonly content: Uint8Array;
}

/**
 * The lists in a file: PEM, one or several, or DER, one. Each must be signed by the authority of its name; without authorities no
 * signature is checked. Throws DerFault saying what is wrong, and with whose list.
 */
export function listsIn(file: Buffer, authorities: readonly CrlAuthority[] | undefined): ListFile {
  return atOnce(walkLists(openLists(file, authorities)));
}

/** Reads a file of lists but for the entries, whose form it checks. As `listsIn`. */
export function openLists(file: Buffer, authorities: readonly CrlAuthority[] | undefined): OpenedFile {
  const ders = file[0] === tags.sequence ? [file] : pemBlocks(file.toString('latin1'), 'X509 CRL');
  if (ders === undefined || ders.length === 0) throw new DerFault('no whole X509 CRL in PEM or DER form');
  if (ders.length > MAX_LISTS) throw new DerFault(`more than ${MAX_LISTS} lists in one file`);
  const lists: OpenedList[] = [];
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

/** Walks the entries of lists that were opened, in steps. */
export function* walkLists({ lists, strangers, content }: OpenedFile): Generator<void, ListFile> {
  const walked: RevocationList[] = [];
  for (const { der, entries, ...list } of lists) {
    walked.push({ ...list, serials: yield* serialsIn(bufferOf(der), entries) });
  }
  return { lists: walked, strangers, content: bufferOf(content) };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
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

function readList(der: Buffer, parts: Parts, authorities: readonly CrlAuthority[] | undefined): OpenedList {
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
): OpenedList {
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
  const entries = rest.find((field) => field.tag === tags.sequence);
  checkEntries(der, entries);
  return {
    issuer,
    thisUpdate: epochSeconds(der, thisUpdate),
    nextUpdate: nextUpdate === undefined ? undefined : epochSeconds(der, nextUpdate),
    scope: scopeOf(der, extensions),
    der,
    entries,
  };
}

function isSame(der: Buffer, a: Element | undefined, b: Element | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return der.subarray(a.at, a.end).equals(der.subarray(b.at, b.end));
}

function isTime(element: Element | undefined): boolean {
  return element?.tag === tags.utcTime || element?.tag === tags.generalizedTime;
}

/** The form of each entry, so that walking them later finds no fault. */
function checkEntries(der: Buffer, entries: Element | undefined): void {
  if (entries === undefined) return;
  for (let at = entries.start; at < entries.end; ) {
    const entry = expect(elementAt(der, at, entries.end), tags.sequence, 'an entry');
    checkInteger(der, elementAt(der, entry.start, entry.end));
    at = entry.end;
  }
}

/** Entries by the hundred thousand: walked by offset, without a list of elements. */
function* serialsIn(der: Buffer, entries: Element | undefined): Generator<void, ReadonlySet<string>> {
  const serials = new Set<string>();
  if (entries === undefined) return serials;
  for (let at = entries.start; at < entries.end; ) {
    const entry = elementAt(der, at, entries.end);
    serials.add(hexInteger(der, elementAt(der, entry.start, entry.end)));
    at = entry.end;
    if (serials.size % STEP_ENTRIES === 0) yield;
  }
  return serials;
}
