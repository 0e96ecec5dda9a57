import {
  bufferOf,
  checkInteger,
  DerFault,
  type Element,
  elementAt,
  epochSeconds,
  expect,
  hexInteger,
  tags,
} from '../encoding/der.js';
import { extensionsIn } from '../encoding/extensions.js';
import { pemBlocks, pemText } from '../encoding/pem.js';
import { signatureCheck } from '../encoding/signature.js';
import { nameAt } from '../names/der-name.js';
import { canonicalName } from '../names/subject-fields.js';
import type { CrlAuthority } from './crl-authorities.js';
import { checkAlgorithms, type ListFields, listFields } from './list-fields.js';
import { type ListScope, scopeOf } from './list-scope.js';

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

/** Most lists in one file. */
const MAX_LISTS = 1000;
/** Entries that are walked in one step. */
const STEP_ENTRIES = 500;

/** Largest file of lists, in bytes: room for more than 200,000 entries. */
export const MAX_CRL_BYTES = 16 * 1024 * 1024;

/** The content of a file of lists. */
export interface ListFile {
  /** The lists that the given authorities signed; all lists if no authorities are given. */
  readonly lists: readonly RevocationList[];
  /** The issuers of the other lists, which are left out whatever they contain. */
  readonly strangers: readonly string[];
  /** The file without the lists that Envoy could not read: a stranger's broken list would make Envoy refuse everybody. */
  readonly content: Buffer;
}

/** A list that was checked, with its entries still to be walked. */
interface OpenedList extends Omit<RevocationList, 'serials'> {
  readonly der: Uint8Array;
  /** The element that holds the entries; undefined when there are none. */
  readonly entries: Element | undefined;
}

/** A file of lists, opened and checked. */
export interface OpenedFile extends Omit<ListFile, 'lists' | 'content'> {
  readonly lists: readonly OpenedList[];
  readonly content: Uint8Array;
}

/**
 * Reads the lists in a file: one or several in PEM, or one in DER. Each must be signed by the authority of its name; without
 * authorities no signature is checked. Throws DerFault that says what is wrong, and with whose list.
 */
export function listsIn(file: Buffer, authorities: readonly CrlAuthority[] | undefined): ListFile {
  const walk = walkLists(openLists(file, authorities));
  let step = walk.next();
  while (step.done !== true) step = walk.next();
  return step.value;
}

/** Reads a file of lists and checks the form of the entries, but does not collect them. Otherwise as `listsIn`. */
export function openLists(file: Buffer, authorities: readonly CrlAuthority[] | undefined): OpenedFile {
  const ders = file[0] === tags.sequence ? [file] : pemBlocks(file.toString('latin1'), 'X509 CRL');
  if (ders === undefined || ders.length === 0) throw new DerFault('no whole X509 CRL in PEM or DER form');
  if (ders.length > MAX_LISTS) throw new DerFault(`more than ${MAX_LISTS} lists in one file`);
  const lists: OpenedList[] = [];
  const strangers: string[] = [];
  const whole: Buffer[] = [];
  for (const der of ders) {
    const list = openList(der);
    const isKnown = authorities?.some(({ name }) => name === list.issuerName) ?? true;
    if (isKnown) lists.push(readList(der, list, authorities));
    else strangers.push(list.issuerName);
    if (isKnown || isReadable(der, list)) whole.push(der);
  }
  const isWhole = whole.length === ders.length;
  return {
    lists,
    strangers,
    content: isWhole ? file : Buffer.from(whole.map((der) => pemText('X509 CRL', der)).join('')),
  };
}

/** Walks the entries of opened lists, in steps. */
export function* walkLists({ lists, strangers, content }: OpenedFile): Generator<void, ListFile> {
  const walked: RevocationList[] = [];
  for (const { der, entries, ...list } of lists) {
    walked.push({ ...list, serials: yield* serialsIn(bufferOf(der), entries) });
  }
  return { lists: walked, strangers, content: bufferOf(content) };
}

/** The fault of a file whose lists all come from unknown issuers. */
export const NO_AUTHORITY = 'its issuer is none of the authorities given';

function isReadable(der: Buffer, list: NamedList): boolean {
  try {
    readKnown(der, list, undefined);
    return true;
  } catch (fault) {
    if (fault instanceof DerFault) return false;
    throw fault;
  }
}

/** A list that is read as far as its issuer, which decides whether the rest matters. */
interface NamedList extends ListFields {
  /** Canonical text of the issuer's name. */
  readonly issuerName: string;
}

function openList(der: Buffer): NamedList {
  const parts = listFields(der);
  return { ...parts, issuerName: canonicalName(nameAt(der, expect(parts.issuer, tags.sequence, 'the issuer'))) };
}

function readList(der: Buffer, list: NamedList, authorities: readonly CrlAuthority[] | undefined): OpenedList {
  try {
    return readKnown(der, list, authorities);
  } catch (fault) {
    if (fault instanceof DerFault) {
      throw new DerFault(`the list of ${JSON.stringify(list.issuerName)}: ${fault.message}`);
    }
    throw fault;
  }
}

function readKnown(der: Buffer, list: NamedList, authorities: readonly CrlAuthority[] | undefined): OpenedList {
  const { issuerName: issuer, body, thisUpdate, nextUpdate, entries } = list;
  if (thisUpdate === undefined) throw new DerFault('the list is cut off');
  checkAlgorithms(der, list);
  const signers = authorities?.filter(({ name }) => name === issuer);
  const isSignedWith = signers && signatureCheck(der, body, list.algorithm, list.signature);
  if (isSignedWith !== undefined && !signers?.some(({ key }) => isSignedWith(key)))
    throw new DerFault('its signature is not the authority’s');
  const extensions = extensionsIn(der, list.extensions);
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

/** Checks the form of each entry, so that walking the entries later finds no fault. */
function checkEntries(der: Buffer, entries: Element | undefined): void {
  if (entries === undefined) return;
  for (let at = entries.start; at < entries.end; ) {
    const entry = expect(elementAt(der, at, entries.end), tags.sequence, 'an entry');
    checkInteger(der, elementAt(der, entry.start, entry.end));
    at = entry.end;
  }
}

/** Reads the serial numbers. A list has hundreds of thousands, so they are walked by offset, without a list of elements. */
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
