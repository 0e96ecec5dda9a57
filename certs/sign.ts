import { generateKeyPair, type KeyObject, randomBytes, webcrypto, type X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { EXTENSION } from '../proxy/x509/encoding/extensions.js';
import { dissect, keyIdentifierOf } from './anatomy.js';
import type { Subject } from './subject.js';
import { BACKDATE_MS, DAY_MS } from './validity.js';
import * as x509 from './x509.js';

/** The signer: a certificate with its key, or a new root itself. */
export interface Signer {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** The content of a new certificate. */
export interface Template {
  readonly subject: Subject | x509.Name;
  readonly days: number;
  readonly extensions: readonly x509.Extension[];
}

/** A new certificate and its key, both PEM. */
export interface SignedCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

const generateKeys = promisify(generateKeyPair);
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * Makes an EC P-256 key and a certificate for it, signed by `signer` or, without one, by the key itself. Its end is the signer's
 * when that comes first, so that a chain never outlives its root.
 */
export async function signCertificate(template: Template, signer?: Signer): Promise<SignedCertificate> {
  const keys = await generateKeys('ec', { namedCurve: 'prime256v1' });
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' });
  const now = Date.now();
  const end = now + template.days * DAY_MS;
  const subject = nameOf(template.subject);
  const certificate = await x509.X509CertificateGenerator.create({
    // 16 random bytes, the first bit clear and the next set: positive and never short (RFC 5280 §4.1.2.2).
    serialNumber: randomSerial(),
    subject,
    issuer: signer === undefined ? subject : new x509.Name(dissect(signer.certificate.raw).subject),
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(signer === undefined ? end : Math.min(end, Date.parse(signer.certificate.validTo))),
    publicKey,
    signingKey: await signingKey(signer?.key ?? keys.privateKey),
    signingAlgorithm: ECDSA,
    extensions: [
      ...template.extensions,
      await x509.SubjectKeyIdentifierExtension.create(new x509.PublicKey(publicKey)),
      ...authorityKey(signer),
    ],
  });
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    keyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Extensions that speak of keys, which are made anew for each. */
const KEY_IDENTIFIERS: readonly string[] = [EXTENSION.subjectKeyIdentifier, EXTENSION.authorityKeyIdentifier];

/** The same certificate once more: with a new key, good for `days` from now, and signed by `signer`. */
export function signAgain(certificate: X509Certificate, days: number, signer: Signer): Promise<SignedCertificate> {
  const subject = new x509.Name(dissect(certificate.raw).subject);
  const { extensions } = new x509.X509Certificate(certificate.raw);
  return signCertificate(
    { subject, days, extensions: extensions.filter(({ type }) => !KEY_IDENTIFIERS.includes(type)) },
    signer,
  );
}

function authorityKey(signer: Signer | undefined): x509.Extension[] {
  const id = signer && keyIdentifierOf(dissect(signer.certificate.raw));
  return id === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(id)];
}

function nameOf(given: Subject | x509.Name): x509.Name {
  if (given instanceof x509.Name) return given;
  const { o, ou, cn } = given;
  return new x509.Name([
    ...(o === undefined ? [] : [{ O: [{ utf8String: o }] }]),
    ...(ou === undefined ? [] : [{ OU: [{ utf8String: ou }] }]),
    ...(cn === undefined ? [] : [{ CN: [{ utf8String: cn }] }]),
  ]);
}

function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8(((bytes[0] ?? 0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}

function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const algorithm =
    key.asymmetricKeyType === 'ec'
      ? { name: 'ECDSA', namedCurve: curveOf(key) }
      : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
}

function curveOf(key: KeyObject): string {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return curve === 'secp384r1' ? 'P-384' : curve === 'secp521r1' ? 'P-521' : 'P-256';
}
