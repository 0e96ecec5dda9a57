import type { PeerCertificate, SecureVersion } from 'node:tls';

/** What one side of mutual TLS between parts of an installation shows, and whom it takes for the other side. */
export interface MutualTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
  /** DNS or URI SAN of the other side's certificate: any other certificate of that CA belongs to somebody who tries to go round it. */
  readonly name: string;
}

/** Oldest version of TLS that either side speaks. */
export const MIN_TLS_VERSION: SecureVersion = 'TLSv1.2';

/** Judges who answers by the name in the certificate, whatever was dialled: the `checkServerIdentity` of a client. */
export function namedOnly(name: string) {
  return (_dialled: string, certificate: Pick<PeerCertificate, 'subjectaltname'>): Error | undefined =>
    hasName(certificate, name) ? undefined : new Error(`its certificate has not the name ${name}`);
}

/** Whether a certificate is that of the other side. */
export function hasName({ subjectaltname }: Pick<PeerCertificate, 'subjectaltname'>, name: string): boolean {
  const names = subjectaltname?.split(', ') ?? [];
  return names.includes(`DNS:${name}`) || names.includes(`URI:${name}`);
}
