import { constants, type KeyObject, verify } from 'node:crypto';
import { children, DerFault, dottedOid, type Element, expect, tags, wholeOf } from './der.js';

/** The parameters of a signature scheme: the digest (null where the algorithm implies it), and for RSA-PSS the length of the salt. */
interface SignatureScheme {
  readonly digest: string | null;
  readonly saltBytes?: number;
}

/** Algorithms of signatures, by their dotted OIDs. */
export const SIGNATURE = {
  ecdsaWithSha1: '1.2.840.10045.4.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecdsaWithSha384: '1.2.840.10045.4.3.3',
  ecdsaWithSha512: '1.2.840.10045.4.3.4',
  sha1WithRsa: '1.2.840.113549.1.1.5',
  rsaPss: '1.2.840.113549.1.1.10',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  sha384WithRsa: '1.2.840.113549.1.1.12',
  sha512WithRsa: '1.2.840.113549.1.1.13',
  ed25519: '1.3.101.112',
} as const;

const schemes: ReadonlyMap<string, SignatureScheme> = new Map([
  [SIGNATURE.ecdsaWithSha256, { digest: 'sha256' }],
  [SIGNATURE.ecdsaWithSha384, { digest: 'sha384' }],
  [SIGNATURE.ecdsaWithSha512, { digest: 'sha512' }],
  [SIGNATURE.sha256WithRsa, { digest: 'sha256' }],
  [SIGNATURE.sha384WithRsa, { digest: 'sha384' }],
  [SIGNATURE.sha512WithRsa, { digest: 'sha512' }],
  [SIGNATURE.ed25519, { digest: null }],
]);
const MGF1 = '1.2.840.113549.1.1.8';

/**
 * The digests of RSA-PSS, each with the one length of salt, in bytes, that Envoy's TLS library accepts (the rule of the CA/Browser
 * Forum).
 */
const pssDigests: ReadonlyMap<string, Required<SignatureScheme>> = new Map([
  ['2.16.840.1.101.3.4.2.1', { digest: 'sha256', saltBytes: 32 }],
  ['2.16.840.1.101.3.4.2.2', { digest: 'sha384', saltBytes: 48 }],
  ['2.16.840.1.101.3.4.2.3', { digest: 'sha512', saltBytes: 64 }],
]);

/** Checks a signature with a key; never throws. */
export type SignatureCheck = (key: KeyObject) => boolean;

/**
 * Makes the check of a signature on a certificate or list: `signed` has the signed bytes, `signature` is the BIT STRING. Throws
 * DerFault for an algorithm that is not read here; Envoy does not take those either.
 */
export function signatureCheck(
  der: Buffer,
  signed: Element,
  algorithm: Element | undefined,
  signature: Element | undefined,
): SignatureCheck {
  const { digest, saltBytes } = schemeOf(der, expect(algorithm, tags.sequence, 'the signature algorithm'));
  const { start, end } = expect(signature, tags.bitString, 'the signature');
  if (der[start] !== 0) throw new DerFault('its signature is not a whole number of bytes');
  const [body, bits] = [wholeOf(der, signed), der.subarray(start + 1, end)];
  const padding = saltBytes === undefined ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltBytes };
  return (key) => {
    try {
      return verify(digest, body, { key, ...padding }, bits);
    } catch {
      return false;
    }
  };
}

function schemeOf(der: Buffer, algorithm: Element): SignatureScheme {
  const [id, parameters] = children(der, algorithm);
  const oid = id === undefined ? '' : dottedOid(der, id);
  if (oid === SIGNATURE.rsaPss) return pssScheme(der, parameters);
  const scheme = schemes.get(oid);
  if (scheme === undefined) throw new DerFault(`signature algorithm ${oid} is not supported`);
  return scheme;
}

/** RSASSA-PSS-params (RFC 4055 §3.1). An absent field means SHA-1, which is not taken. */
function pssScheme(der: Buffer, parameters: Element | undefined): SignatureScheme {
  const fields = parameters === undefined ? [] : children(der, expect(parameters, tags.sequence, 'RSA-PSS parameters'));
  const field = (number: number): Element | undefined => {
    const wrapped = fields.find(({ tag }) => tag === (0xa0 | number));
    return wrapped && children(der, wrapped)[0];
  };
  const digest = oidIn(der, field(0));
  const [mask, maskDigest] = field(1) === undefined ? [] : children(der, field(1) as Element);
  const scheme = pssDigests.get(digest ?? '');
  if (scheme === undefined) throw new DerFault(`RSA-PSS with digest ${digest ?? 'SHA-1'} is not supported`);
  if (mask === undefined || dottedOid(der, mask) !== MGF1 || oidIn(der, maskDigest) !== digest) {
    throw new DerFault('RSA-PSS with another digest in its mask than in its signature is not supported');
  }
  const salt = field(2);
  const saltBytes = salt === undefined ? 20 : Number.parseInt(der.toString('hex', salt.start, salt.end) || '0', 16);
  if (saltBytes !== scheme.saltBytes) {
    throw new DerFault(
      `RSA-PSS with a salt of ${saltBytes} bytes is not supported: with ${scheme.digest} it must have ${scheme.saltBytes}`,
    );
  }
  return scheme;
}

/** The OID of an AlgorithmIdentifier. */
function oidIn(der: Buffer, algorithm: Element | undefined): string | undefined {
  const [id] = algorithm === undefined ? [] : children(der, algorithm);
  return id && dottedOid(der, id);
}
