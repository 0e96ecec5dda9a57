import { type KeyObject, sign } from 'node:crypto';
import { children, DerFault, elementAt } from '../proxy/x509/encoding/der.js';
import { type SignatureCheck, signatureCheck } from '../proxy/x509/encoding/signature.js';
import {
  type DerElement,
  decodeInteger,
  decodeTime,
  encodeElement,
  encodeInteger,
  encodeOid,
  encodeTime,
  readElements,
  TAG,
} from './der.js';
import { contentOf, EXTENSION, encodeExtension, readExtensions } from './extension.js';
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

/** What a certificate revocation list says (RFC 5280 §5.1). */
export interface RevocationList {
  /** The issuer's name, DER. */
  readonly issuer: Uint8Array;
  /** CRL number; 0 when the list has none. */
  readonly number: bigint;
  readonly thisUpdate: Date;
  /** Past this time Envoy refuses every certificate of this issuer. Lists without one do not end. */
  readonly nextUpdate?: Date;
  readonly entries: readonly RevokedEntry[];
}

/** A list with what was signed of it. */
export interface SignedList extends RevocationList {
  /** True when this public key made the list's signature. */
  isSignedBy(key: KeyObject): boolean;
}

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  sha256WithRsa: '1.2.840.113549.1.1.11',
} as const;

/** An entry for a certificate revoked at `since`. */
export function revokedEntry(serial: string, since: Date, reason: Reason): RevokedEntry {
  // `unspecified` is said by leaving the reason out (RFC 5280 §5.3.1).
  const code = encodeElement(TAG.enumerated, Buffer.of(REASONS[reason]));
  const extensions =
    reason === 'unspecified' ? [] : [encodeElement(TAG.sequence, encodeExtension(EXTENSION.reasonCode, code))];
  const encoded = encodeElement(TAG.sequence, encodeInteger(BigInt(`0x${serial}`)), encodeTime(since), ...extensions);
  return { serial, since, reason, encoded };
}

/**
 * Signs a list, as DER.
 *
 * @param key the issuer's private key, EC or RSA
 * @param keyId the issuer's subject key identifier in hex, if its certificate has one
 */
export function encodeList(list: RevocationList, key: KeyObject, keyId: string | undefined): Uint8Array {
  const algorithm = encodeAlgorithm(key);
  const extensions = [encodeExtension(EXTENSION.crlNumber, encodeInteger(list.number))];
  if (keyId !== undefined) {
    const identifier = encodeElement(TAG.sequence, encodeElement(0x80, Buffer.from(keyId, 'hex')));
    extensions.unshift(encodeExtension(EXTENSION.authorityKeyIdentifier, identifier));
  }
  const entries = list.entries.map((entry) => entry.encoded);
  const signed = encodeElement(
    TAG.sequence,
    encodeInteger(1n),
    algorithm,
    list.issuer,
    encodeTime(list.thisUpdate),
    ...(list.nextUpdate === undefined ? [] : [encodeTime(list.nextUpdate)]),
    // An empty list is left out: OpenSSL takes an empty SEQUENCE for an error.
    ...(entries.length === 0 ? [] : [encodeElement(TAG.sequence, Buffer.concat(entries))]),
    encodeElement(TAG.context0, encodeElement(TAG.sequence, ...extensions)),
  );
  const signature = sign('sha256', signed, key);
  return encodeElement(TAG.sequence, signed, algorithm, encodeElement(TAG.bitString, Buffer.of(0), signature));
}

/**
 * Reads a list.
 *
 * @throws CertsFailure when the bytes are not one
 */
export function decodeList(der: Uint8Array, where: string): SignedList {
  try {
    return readList(der);
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    throw new CertsFailure(`${where}: the X509 CRL block is damaged (${error.message}); copy the file again`);
  }
}

function readList(der: Uint8Array): SignedList {
  const [outer, ...after] = readElements(der);
  const [signed] = readElements(contentOf(outer, TAG.sequence));
  const fields = readElements(contentOf(signed, TAG.sequence));
  // The version is the only INTEGER; lists of version 1 leave it out.
  const [inner, issuer, thisUpdate, ...rest] = fields[0]?.tag === TAG.integer ? fields.slice(1) : fields;
  if (issuer === undefined || thisUpdate === undefined) throw new DerFault('DER: a list without issuer or date');
  if (after.length > 0) throw new DerFault('DER: bytes left over');
  const isSignedBy = sealIn(der, inner);
  const nextUpdate = rest.find(({ tag }) => tag === TAG.utcTime || tag === TAG.generalizedTime);
  const entries = rest.find(({ tag }) => tag === TAG.sequence);
  const extensions = rest.find(({ tag }) => tag === TAG.context0);
  const number = extensions && readExtensions(readElements(extensions.content)[0]).get(EXTENSION.crlNumber);
  return {
    issuer: issuer.encoded,
    number: number === undefined ? 0n : decodeInteger(contentOf(readElements(number)[0], TAG.integer)),
    thisUpdate: decodeTime(thisUpdate),
    ...(nextUpdate && { nextUpdate: decodeTime(nextUpdate) }),
    entries: entries === undefined ? [] : readElements(entries.content).map(readEntry),
    isSignedBy,
  };
}

/**
 * How the signature is checked. The algorithm stands inside and outside of what is signed, and must be one; one that neither Envoy nor
 * the service takes is signed by nobody.
 */
function sealIn(list: Uint8Array, inner: DerElement | undefined): SignatureCheck {
  const der = Buffer.from(list.buffer, list.byteOffset, list.length);
  const [signed, algorithm, signature] = children(der, elementAt(der, 0));
  const outer = algorithm && der.subarray(algorithm.at, algorithm.end);
  if (signed === undefined || inner === undefined || outer?.equals(inner.encoded) !== true) {
    throw new DerFault('DER: two signature algorithms');
  }
  if (signature === undefined || der[signature.start] !== 0) throw new DerFault('DER: bits left over');
  try {
    return signatureCheck(der, signed, algorithm, signature);
  } catch (fault) {
    if (fault instanceof DerFault) return () => false;
    throw fault;
  }
}

function readEntry(element: DerElement): RevokedEntry {
  const [serial, since, extensions] = readElements(element.content);
  if (since === undefined) throw new DerFault('DER: an entry without a date');
  const reason = readExtensions(extensions).get(EXTENSION.reasonCode);
  return {
    serial: decodeInteger(contentOf(serial, TAG.integer)).toString(16),
    since: decodeTime(since),
    reason: reason === undefined ? 'unspecified' : reasonOf(contentOf(readElements(reason)[0])[0]),
    encoded: element.encoded,
  };
}

function encodeAlgorithm(key: KeyObject): Uint8Array {
  if (key.asymmetricKeyType === 'ec') return encodeElement(TAG.sequence, encodeOid(OID.ecdsaWithSha256));
  return encodeElement(TAG.sequence, encodeOid(OID.sha256WithRsa), encodeElement(TAG.null));
}
