import { X509Certificate } from 'node:crypto';
import { publishedKeyFault } from '../proxy/x509/published-keys.js';
import { type Credential, pairCredential } from './credential.js';
import { CertsFailure } from './failure.js';
import { type CertificateFiles, certificateFiles, readIfThere } from './files.js';

/** The authorities that a directory can hold. */
export const AUTHORITY_NAMES = ['root', 'intermediate'] as const;
/** One of them. */
export type AuthorityName = (typeof AUTHORITY_NAMES)[number];

/** A certificate that signs others, with its key. */
export interface Authority extends Credential {
  readonly name: AuthorityName;
}

/**
 * Reads an authority with its key.
 *
 * @throws CertsFailure when it is not there, or cannot sign
 */
export async function loadAuthority(dir: string, name: AuthorityName): Promise<Authority> {
  const files = certificateFiles(dir, name);
  const [certificate, key] = await Promise.all([readIfThere(files.cert), readIfThere(files.key)]);
  const made = name === 'root' ? 'ws-proxy certs init' : 'ws-proxy certs init --intermediate';
  if (certificate === undefined)
    throw new CertsFailure(`${files.cert} is not there; make it with ${made}, or name its --dir`);
  if (key === undefined)
    throw new CertsFailure(`${files.key} is not there; bring the ${name}'s key, or name its --dir`);
  const credential = pairCredential({ path: files.cert, text: certificate }, { path: files.key, text: key });
  refusePublished(files.cert, credential.certificate);
  checkMaySign(files, credential);
  return { ...credential, name };
}

/** Reads an authority's certificate, or undefined when there is none; its key may be elsewhere. */
export async function loadAuthorityCertificate(dir: string, name: AuthorityName): Promise<X509Certificate | undefined> {
  const path = certificateFiles(dir, name).cert;
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return new X509Certificate(text);
  } catch {
    throw new CertsFailure(`${path}: no certificate that can be read; copy the file again`);
  }
}

/** @throws CertsFailure when everybody can have the key of an authority: its signatures prove nothing */
export function refusePublished(path: string, certificate: X509Certificate): void {
  const fault = publishedKeyFault(certificate.raw);
  if (fault !== undefined) throw new CertsFailure(`${path}: ${fault}`);
}

/** Curves of the keys that sign here; RSA keys do too. */
const SIGNING_CURVES: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

function checkMaySign({ cert, key }: CertificateFiles, credential: Credential): void {
  const { ca, validTo } = credential.certificate;
  const { asymmetricKeyType, asymmetricKeyDetails } = credential.key;
  if (!ca) throw new CertsFailure(`${cert} is not an authority's certificate (CA:TRUE is missing); use another --dir`);
  if (Date.parse(validTo) <= Date.now()) {
    throw new CertsFailure(`${cert} expired on ${validTo}; make another with ws-proxy certs init --force`);
  }
  if (asymmetricKeyType !== 'rsa' && !SIGNING_CURVES.has(asymmetricKeyDetails?.namedCurve)) {
    throw new CertsFailure(`${key}: a key that cannot sign here; use EC P-256, P-384, P-521 or RSA`);
  }
}
