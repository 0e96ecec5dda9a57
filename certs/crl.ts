import { type KeyObject, sign } from 'node:crypto';
import {
  bufferOf,
  children,
  contentOf,
  DerFault,
  type Element,
  elementAt,
  epochSeconds,
  expect,
  tags,
  wholeOf,
} from '../proxy/x509/encoding/der.js';
import { EXTENSION, extensionValues } from '../proxy/x509/encoding/extensions.js';
import { SIGNATURE, type SignatureCheck, signatureCheck } from '../proxy/x509/encoding/signature.js';
import { checkAlgorithms, type ListFields, listFields } from '../proxy/x509/lists/list-fields.js';
import { encodeElement, encodeExtension, encodeInteger, encodeOid, encodeTime } from './der.js';
import { CertsFailure } from './failure.js';
import { REASONS, type Reason, reasonOf } from './reason.js';

// Written here and not with @peculiar/x509, whose 2.2.0 writes an empty extension list for an entry without a reason (OpenSSL and
// Envoy then refuse the whole list), compares every entry with every other, and reads no more than some 1,200 of them.

/** One revoked certificate. */
export interface RevokedEntry {
  /** Serial number, lower-case hex without leading zeros. */
  readonly serial: string;
  readonly since: Date;
  /** `unspecified` when the entry names none. */
  readonly reason: Reason;
  /** The entry's DER, kept as it was read so that extensions that are unknown here survive. */
  readonly encoded: Uint8Array;
}

/** The content of a certificate revocation list (RFC 5280 §5.1). */
export interface RevocationList {
  /** The issuer's name, DER. */
  readonly issuer: Uint8Array;
  /** CRL number; 0 when the list has none. */
  readonly number: bigint;
  readonly thisUpdate: Date;
  /** Past this time Envoy refuses every certificate of this issuer. Lists without this time do not end. */
  readonly nextUpdate?: Date;
  readonly entries: readonly RevokedEntry[];
}

/** A list, and the check of its signature. */
export interface SignedList extends RevocationList {
  /** True when this public key made the list's signature. */
  isSignedBy(key: KeyObject): boolean;
}

/** `[0] crlExtensions` of a TBSCertList. */
const EXTENSIONS = 0xa0;

/** An entry for a certificate revoked at `since`. */
export function revokedEntry(serial: string, since: Date, reason: Reason): RevokedEntry {
  // `unspecified` is said by leaving the reason out (RFC 5280 §5.3.1).
  const code = encodeElement(tags.enumerated, Buffer.of(REASONS[reason]));
  const extensions =
    reason === 'unspecified' ? [] : [encodeElement(tags.sequence, encodeExtension(EXTENSION.reasonCode, code))];
  const encoded = encodeElement(tags.sequence, encodeInteger(BigInt(`0x${serial}`)), encodeTime(since), ...extensions);
  return { serial, since, reason, encoded };
}

/**
 * Signs a list, as DER.
 *
 * @param key the issuer's private key, EC or RSA
 * @param keyId the issuer's subject key identifier in hex, if its certificate has that identifier
 */
export function encodeList(list: RevocationList, key: KeyObject, keyId: string | undefined): Uint8Array {
  const algorithm = encodeAlgorithm(key);
  const extensions = [encodeExtension(EXTENSION.crlNumber, encodeInteger(list.number))];
  if (keyId !== undefined) {
    const identifier = encodeElement(tags.sequence, encodeElement(0x80, Buffer.from(keyId, 'hex')));
    extensions.unshift(encodeExtension(EXTENSION.authorityKeyIdentifier, identifier));
  }
  const entries = list.entries.map((entry) => entry.encoded);
  const signed = encodeElement(
    tags.sequence,
    encodeInteger(1n),
    algorithm,
    list.issuer,
    encodeTime(list.thisUpdate),
    ...(list.nextUpdate === undefined ? [] : [encodeTime(list.nextUpdate)]),
    // An empty list is left out: OpenSSL takes an empty SEQUENCE for an error.
    ...(entries.length === 0 ? [] : [encodeElement(tags.sequence, Buffer.concat(entries))]),
    encodeElement(EXTENSIONS, encodeElement(tags.sequence, ...extensions)),
  );
  const signature = sign('sha256', signed, key);
  return encodeElement(tags.sequence, signed, algorithm, encodeElement(tags.bitString, Buffer.of(0), signature));
}

/**
 * Reads a list.
 *
 * @throws CertsFailure when the bytes are no list
 */
export function decodeList(der: Uint8Array, where: string): SignedList {
  try {
    return readList(der);
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    throw new CertsFailure(`${where}: the X509 CRL block is damaged (${error.message}); copy the file again`);
  }
}

function readList(bytes: Uint8Array): SignedList {
  const der = bufferOf(bytes);
  const list = listFields(der);
  const { issuer, thisUpdate, nextUpdate, entries } = list;
  if (thisUpdate === undefined) throw new DerFault('the list is cut off');
  const check = checkOf(der, list);
  const [extensions] = list.extensions === undefined ? [] : children(der, list.extensions);
  const number = extensions && extensionValues(der, extensions).get(EXTENSION.crlNumber);
  return {
    issuer: wholeOf(der, issuer),
    number: number === undefined ? 0n : unsignedAt(number, elementAt(number, 0)),
    thisUpdate: timeAt(der, thisUpdate),
    ...(nextUpdate && { nextUpdate: timeAt(der, nextUpdate) }),
    entries: entries === undefined ? [] : children(der, entries).map((entry) => readEntry(der, entry)),
    isSignedBy: check,
  };
}

/** The way to check the signature. With an algorithm that neither Envoy nor the service takes, a list counts as signed by nobody. */
function checkOf(der: Buffer, list: ListFields): SignatureCheck {
  checkAlgorithms(der, list);
  const { body, algorithm, signature } = list;
  if (signature === undefined || der[signature.start] !== 0) throw new DerFault('its signature is cut off');
  try {
    return signatureCheck(der, body, algorithm, signature);
  } catch (fault) {
    if (fault instanceof DerFault) return () => false;
    throw fault;
  }
}

function readEntry(der: Buffer, element: Element): RevokedEntry {
  const [serial, since, extensions] = children(der, element);
  if (since === undefined) throw new DerFault('an entry has no date');
  const reason = extensions && extensionValues(der, extensions).get(EXTENSION.reasonCode);
  return {
    serial: unsignedAt(der, serial).toString(16),
    since: timeAt(der, since),
    reason: reason === undefined ? 'unspecified' : reasonOf(contentOf(reason, elementAt(reason, 0))[0]),
    encoded: wholeOf(der, element),
  };
}

/** An INTEGER, read without its sign: serial and list numbers are never negative (RFC 5280). */
function unsignedAt(der: Buffer, element: Element | undefined): bigint {
  return BigInt(`0x${contentOf(der, expect(element, tags.integer, 'an INTEGER')).toString('hex') || '0'}`);
}

function timeAt(der: Buffer, element: Element): Date {
  return new Date(epochSeconds(der, element) * 1000);
}

function encodeAlgorithm(key: KeyObject): Uint8Array {
  if (key.asymmetricKeyType === 'ec') return encodeElement(tags.sequence, encodeOid(SIGNATURE.ecdsaWithSha256));
  return encodeElement(tags.sequence, encodeOid(SIGNATURE.sha256WithRsa), encodeElement(tags.null));
}
