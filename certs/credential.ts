import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { joinPem, type PemBlock, PemFault, splitPem } from '../proxy/x509/encoding/pem.js';
import { CertsFailure } from './failure.js';
import { readPemFile } from './files.js';

/** The content of a PEM file of certificates, keys and lists, sorted. */
export interface PemContent {
  /** In the order of the file: the leaf first, then its signers. */
  readonly certificates: readonly X509Certificate[];
  /** The first private key, if there is one. */
  readonly key?: KeyObject;
  /** `X509 CRL` blocks. */
  readonly lists: readonly PemBlock[];
}

/** A certificate with the rest of its chain and its private key. */
export interface Credential {
  readonly certificate: X509Certificate;
  /** PEM of the certificate and of the intermediates above it. */
  readonly chainPem: string;
  /** PEM of the key. */
  readonly keyPem: string;
  readonly key: KeyObject;
}

const KEY_LABEL = /^(?:[A-Z0-9]+ )?PRIVATE KEY$/;

/**
 * Reads the text of a PEM file: keys in PKCS #8 and in the older `EC PRIVATE KEY` form, with or without `EC PARAMETERS`, before or
 * after the certificates.
 *
 * @throws CertsFailure when a block is damaged or the key is encrypted
 */
export function parsePem(text: string, where: string): PemContent {
  const blocks = blocksIn(text, where);
  if (text.trim() === '') throw new CertsFailure(`${where}: the file is empty; put the right one in its place`);
  if (blocks.length === 0) {
    throw new CertsFailure(`${where}: no PEM block in it; if it is DER, convert it with openssl x509 -inform DER`);
  }
  const key = blocks.find(({ label }) => KEY_LABEL.test(label));
  return {
    certificates: blocks.filter(isCertificate).map((block) => parseCertificate(block, where)),
    lists: blocks.filter(({ label }) => label === 'X509 CRL'),
    ...(key && { key: parseKey(key, where) }),
  };
}

/** Reads a PEM file. */
export async function readPem(path: string): Promise<PemContent> {
  return parsePem(await readPemFile(path), path);
}

/**
 * A certificate with its key, from one text or from two.
 *
 * @throws CertsFailure when either is missing or they do not belong together
 */
export function parseCredential(text: string, where: string): Credential {
  const { certificates, key } = parsePem(text, where);
  const [certificate] = certificates;
  if (certificate === undefined) throw new CertsFailure(`${where}: no CERTIFICATE block in it; name a file with one`);
  if (key === undefined) throw new CertsFailure(`${where}: no PRIVATE KEY block in it; name the file with the key`);
  if (!certificate.checkPrivateKey(key)) {
    throw new CertsFailure(`${where}: the private key is not the certificate's; put the right one in its place`);
  }
  const blocks = blocksIn(text, where);
  return {
    certificate,
    chainPem: joinPem(blocks.filter(isCertificate)),
    keyPem: joinPem(blocks.filter(({ label }) => KEY_LABEL.test(label)).slice(0, 1)),
    key,
  };
}

/** One file of a credential. */
export interface PemFile {
  readonly path: string;
  readonly text: string;
}

/**
 * A certificate and its key from a file each.
 *
 * @throws CertsFailure that names the file which is at fault
 */
export function pairCredential(certificate: PemFile, key: PemFile): Credential {
  if (parsePem(certificate.text, certificate.path).certificates.length === 0) {
    throw new CertsFailure(`${certificate.path}: no CERTIFICATE block in it; put the right file in its place`);
  }
  if (parsePem(key.text, key.path).key === undefined) {
    throw new CertsFailure(`${key.path}: no PRIVATE KEY block in it; put the right file in its place`);
  }
  return parseCredential(`${certificate.text}\n${key.text}`, `${key.path} beside ${certificate.path}`);
}

/** Serial number as the service knows it: lower-case hex without leading zeros. */
export function serialOf(certificate: X509Certificate): string {
  return BigInt(`0x${certificate.serialNumber}`).toString(16);
}

/** True when `issuer` is the certificate's issuer by name and by signature. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function blocksIn(text: string, where: string): PemBlock[] {
  try {
    return splitPem(text);
  } catch (fault) {
    throw fault instanceof PemFault ? new CertsFailure(`${where}: ${fault.message}`) : fault;
  }
}

function isCertificate({ label }: PemBlock): boolean {
  return label === 'CERTIFICATE' || label === 'X509 CERTIFICATE';
}

function parseCertificate({ der, line }: PemBlock, where: string): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    throw new CertsFailure(`${where}: line ${line}: not an X.509 certificate; copy the file again`);
  }
}

function parseKey({ pem, line, encrypted }: PemBlock, where: string): KeyObject {
  if (encrypted) throw new CertsFailure(`${where}: line ${line}: the key is encrypted; decrypt it with openssl pkey`);
  try {
    return createPrivateKey(pem);
  } catch {
    throw new CertsFailure(`${where}: line ${line}: not a private key that can be read; copy the file again`);
  }
}
