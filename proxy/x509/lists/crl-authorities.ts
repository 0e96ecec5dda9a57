import { type KeyObject, X509Certificate } from 'node:crypto';
import { canonicalNames } from '../canonical-names.js';
import { DerFault } from '../encoding/der.js';
import { pemBlocks } from '../encoding/pem.js';
import { identityOfCertificate } from '../identity-of-certificate.js';
import { publishedKeyFault } from '../published-keys.js';

/** A certificate authority that may sign a list: its name and its key. */
export interface CrlAuthority {
  /** Canonical text of the authority's name. */
  readonly name: string;
  readonly key: KeyObject;
}

/** Largest file of authorities, in bytes. */
export const MAX_AUTHORITIES_BYTES = 1024 * 1024;

/** Reads the authorities in a PEM file. Throws DerFault with what is wrong; an authority whose private key is public is a fault too. */
export function authoritiesIn(pem: string): readonly CrlAuthority[] {
  const ders = pemBlocks(pem, 'CERTIFICATE');
  if (ders === undefined || ders.length === 0) throw new DerFault('no whole certificate in PEM form');
  return ders.map((der) => {
    const read = identityOfCertificate(der);
    const identity = 'ok' in read ? read.ok : read.unforwarded;
    if (identity === undefined) throw new DerFault('fault' in read ? read.fault : '');
    const published = publishedKeyFault(der);
    if (published !== undefined) throw new DerFault(published);
    return { name: canonicalNames(identity).subject, key: new X509Certificate(der).publicKey };
  });
}
