import 'reflect-metadata';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate with its key, PEM. */
export interface Credential {
  readonly cert: string;
  readonly key: string;
  /** Lower-case hex. */
  readonly serial: string;
}

/** What a certificate says; everything that a deployed certificate may lack can be left out. */
export interface Wish {
  /** `CN=a,O=b` in the order of the DER, which Envoy prints from behind; empty for a certificate without a subject. */
  readonly subject: string;
  readonly dns?: readonly string[];
  readonly uris?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;

/** A certificate authority for tests: it signs what a real one would refuse to. */
export class Authority {
  readonly cert: string;
  readonly #name: string;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #revoked: x509.X509CrlEntryParams[] = [];

  private constructor(name: string, keys: webcrypto.CryptoKeyPair, cert: string) {
    this.#name = name;
    this.#keys = keys;
    this.cert = cert;
  }

  static async create(name = 'CN=Test Root,O=Micronets'): Promise<Authority> {
    const keys = await generateKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name,
      ...validity({}),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new Authority(name, keys, root.toString('pem'));
  }

  async issue(wish: Wish): Promise<Credential> {
    const keys = await generateKeys();
    const serial = `4${randomBytes(8).toString('hex').slice(1)}`;
    const names = [
      ...(wish.dns ?? []).map((value) => ({ type: 'dns' as const, value })),
      ...(wish.uris ?? []).map((value) => ({ type: 'url' as const, value })),
    ];
    const cert = await x509.X509CertificateGenerator.create({
      serialNumber: serial,
      subject: wish.subject,
      issuer: this.#name,
      ...validity(wish),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names, wish.subject === '')] : [],
    });
    return { cert: cert.toString('pem'), key: pem(keys.privateKey), serial };
  }

  /** The revocation list in force, with these certificates added to it. */
  async revoke(...credentials: readonly Credential[]): Promise<string> {
    for (const { serial } of credentials) {
      // With a reason: the library writes an empty extension list for an entry without one, which Envoy refuses.
      this.#revoked.push({ serialNumber: serial, revocationDate: new Date(), reason: x509.X509CrlReason.keyCompromise });
    }
    const list = await x509.X509CrlGenerator.create({
      issuer: this.#name,
      thisUpdate: new Date(Date.now() - HOUR_MS),
      nextUpdate: new Date(Date.now() + HOUR_MS),
      ...(this.#revoked.length > 0 && { entries: this.#revoked }),
      signingAlgorithm: algorithm,
      signingKey: this.#keys.privateKey,
    });
    // The library writes `BEGIN CRL`; OpenSSL and Envoy know the list by its full name (RFC 7468 §6).
    return list.toString('pem').replaceAll(' CRL-', ' X509 CRL-');
  }
}

function validity({ notBefore, notAfter }: Partial<Wish>): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: notBefore ?? new Date(Date.now() - HOUR_MS),
    notAfter: notAfter ?? new Date(Date.now() + HOUR_MS),
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function pem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();
}
