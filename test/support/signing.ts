import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { integer, oid, sequence, tlv } from './der-writer.js';

/** A key pair of the tests. */
export interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A signature algorithm of the tests' authorities. */
export interface SigningWay {
  readonly keys: () => Keys;
  /** DER of its AlgorithmIdentifier. */
  readonly algorithm: Buffer;
  readonly sign: (body: Buffer, key: KeyObject) => Buffer;
}

const HASHES = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const;
type Hash = keyof typeof HASHES;
const NULL = tlv(5);

export const ecKeys = (namedCurve = 'prime256v1'): Keys => generateKeyPairSync('ec', { namedCurve });
export const rsaKeys = (modulusLength = 2048): Keys => generateKeyPairSync('rsa', { modulusLength });
export const ed25519Keys = (): Keys => generateKeyPairSync('ed25519');

/** ECDSA with SHA-256 over P-256, as most authorities use it. */
export const ecdsa: SigningWay = {
  keys: ecKeys,
  algorithm: sequence(oid('1.2.840.10045.4.3.2')),
  sign: (body, key) => sign('sha256', body, key),
};

export const ed25519: SigningWay = {
  keys: ed25519Keys,
  algorithm: sequence(oid('1.3.101.112')),
  sign: (body, key) => sign(null, body, key),
};

/** RSASSA-PSS (RFC 4055 §3.1). `saltLength` in bytes; `mask` is the hash of MGF1, the same hash unless said. */
export function rsaPss(hash: Hash, saltLength: number, mask: Hash = hash): SigningWay {
  const named = (name: Hash): Buffer => sequence(oid(HASHES[name]), NULL);
  const parameters = sequence(
    tlv(0xa0, named(hash)),
    tlv(0xa1, sequence(oid('1.2.840.113549.1.1.8'), named(mask))),
    tlv(0xa2, integer(saltLength.toString(16))),
  );
  return {
    keys: rsaKeys,
    algorithm: sequence(oid('1.2.840.113549.1.1.10'), parameters),
    sign: (body, key) => sign(hash, body, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
  };
}
