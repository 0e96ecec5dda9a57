import { isIPv4 } from 'node:net';
import { certificateIn } from '../proxy/x509/certificate.js';
import {
  bufferOf,
  children,
  contentOf,
  DerFault,
  dottedOid,
  elementAt,
  tags,
  wholeOf,
} from '../proxy/x509/encoding/der.js';
import { EXTENSION, extensionValues } from '../proxy/x509/encoding/extensions.js';

/** Parts of a certificate that Node's X509Certificate gives not at all or not exactly. */
export interface Anatomy {
  /** The issuer's name, DER. */
  readonly issuer: Buffer;
  /** The subject's name, DER. */
  readonly subject: Buffer;
  /** OID of the signature's algorithm. */
  readonly signatureAlgorithm: string;
  /** Extension values by OID; none in a certificate of version 1. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

/** Subject alternative names by kind, in order. */
export interface Names {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
  readonly uri: readonly string[];
  readonly email: readonly string[];
  /** Number of names of other kinds. */
  readonly others: number;
}

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** @throws DerFault when the bytes are not a certificate */
export function dissect(bytes: Uint8Array): Anatomy {
  const der = bufferOf(bytes);
  const { issuer, subject, signatureAlgorithm, extensions } = certificateIn(der);
  const [algorithm] = signatureAlgorithm === undefined ? [] : children(der, signatureAlgorithm);
  const [list] = extensions === undefined ? [] : children(der, extensions);
  if (issuer === undefined || subject === undefined || algorithm === undefined) throw new DerFault('DER ends early');
  return {
    issuer: wholeOf(der, issuer),
    subject: wholeOf(der, subject),
    signatureAlgorithm: dottedOid(der, algorithm),
    extensions: list === undefined ? new Map() : extensionValues(der, list),
  };
}

/** Subject key identifier in hex, or undefined. */
export function keyIdentifierOf({ extensions }: Anatomy): string | undefined {
  const value = extensions.get(EXTENSION.subjectKeyIdentifier);
  return value && contentOf(value, elementAt(value, 0)).toString('hex');
}

/** Key usages by name, or undefined when every usage is allowed. */
export function keyUsagesOf({ extensions }: Anatomy): readonly string[] | undefined {
  const value = extensions.get(EXTENSION.keyUsage);
  if (value === undefined) return undefined;
  // A BIT STRING: the number of unused bits, then the bits from the highest of each byte.
  const bits = contentOf(value, elementAt(value, 0)).subarray(1);
  return KEY_USAGES.filter((_, at) => ((bits[Math.floor(at / 8)] ?? 0) & (0x80 >> (at % 8))) !== 0);
}

/** A list of no names. */
const EMPTY = Buffer.of(tags.sequence, 0);

/** Subject alternative names (RFC 5280 §4.2.1.6). */
export function alternativeNamesOf({ extensions }: Anatomy): Names {
  const value = extensions.get(EXTENSION.subjectAltName) ?? EMPTY;
  const names = children(value, elementAt(value, 0));
  const ofTag = (wanted: number) => names.filter(({ tag }) => tag === wanted).map((name) => contentOf(value, name));
  const [email, dns, uri] = [0x81, 0x82, 0x86].map((tag) => ofTag(tag).map((bytes) => bytes.toString('latin1')));
  const ip = ofTag(0x87).map(formatAddress);
  const known = [email, dns, uri, ip].reduce((sum, list) => sum + (list?.length ?? 0), 0);
  return { email: email ?? [], dns: dns ?? [], uri: uri ?? [], ip, others: names.length - known };
}

function formatAddress(bytes: Buffer): string {
  const dotted = bytes.join('.');
  if (isIPv4(dotted)) return dotted;
  const groups = bytes.toString('hex').match(/.{1,4}/g) ?? [];
  // The URL parser writes the short form (RFC 5952).
  return groups.length === 8 ? new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1) : bytes.toString('hex');
}
