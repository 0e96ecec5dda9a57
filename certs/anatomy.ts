import { isIPv4 } from 'node:net';
import { DerFault } from '../proxy/x509/encoding/der.js';
import { decodeOid, readElements, TAG } from './der.js';
import { contentOf, EXTENSION, readExtensions } from './extension.js';

/** Parts of a certificate that Node's X509Certificate gives not at all or not exactly. */
export interface Anatomy {
  /** The issuer's name, DER. */
  readonly issuer: Uint8Array;
  /** The subject's name, DER. */
  readonly subject: Uint8Array;
  /** OID of the signature's algorithm. */
  readonly signatureAlgorithm: string;
  /** Extension values by OID; none in a certificate of version 1. */
  readonly extensions: ReadonlyMap<string, Uint8Array>;
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
export function dissect(der: Uint8Array): Anatomy {
  const [signed, algorithm] = readElements(contentOf(readElements(der)[0]));
  const fields = readElements(contentOf(signed));
  // Certificates of version 1 leave the version out; then come serial, algorithm, issuer, validity, subject.
  const [, , issuer, , subject, , ...rest] = fields[0]?.tag === TAG.context0 ? fields.slice(1) : fields;
  if (issuer === undefined || subject === undefined) throw new DerFault('DER: cut short');
  const extensions = rest.find(({ tag }) => tag === TAG.context3);
  return {
    issuer: issuer.encoded,
    subject: subject.encoded,
    signatureAlgorithm: decodeOid(contentOf(readElements(contentOf(algorithm))[0])),
    extensions: readExtensions(extensions && readElements(extensions.content)[0]),
  };
}

/** Subject key identifier in hex, or undefined. */
export function keyIdentifierOf({ extensions }: Anatomy): string | undefined {
  const value = extensions.get(EXTENSION.subjectKeyIdentifier);
  return value && Buffer.from(contentOf(readElements(value)[0])).toString('hex');
}

/** Key usages by name, or undefined when every usage is allowed. */
export function keyUsagesOf({ extensions }: Anatomy): readonly string[] | undefined {
  const value = extensions.get(EXTENSION.keyUsage);
  if (value === undefined) return undefined;
  // A BIT STRING: the number of unused bits, then the bits from the highest of each byte.
  const bits = contentOf(readElements(value)[0]).subarray(1);
  return KEY_USAGES.filter((_, at) => ((bits[Math.floor(at / 8)] ?? 0) & (0x80 >> (at % 8))) !== 0);
}

/** Subject alternative names (RFC 5280 §4.2.1.6). */
export function alternativeNamesOf({ extensions }: Anatomy): Names {
  const value = extensions.get(EXTENSION.subjectAltName);
  const names = value === undefined ? [] : readElements(contentOf(readElements(value)[0]));
  const ofTag = (wanted: number) =>
    names.filter(({ tag }) => tag === wanted).map(({ content }) => Buffer.from(content));
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
