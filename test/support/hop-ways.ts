import type { MutualTls } from '../../proxy/transport/mutual-tls.js';
import { RawAuthority } from './raw-authority.js';
import type { HopWay } from './replicas.js';

const ORGANISATION = '2.5.4.10';
const authority = new RawAuthority();

/** Files of mutual TLS: a certificate of that name by the replicas' CA, and the name that the other side must have. */
export function tlsNamed(own: string, other: string): MutualTls {
  const { certificate, key } = authority.issue({ subject: [[ORGANISATION, own]], names: [{ dns: own }] });
  return {
    cert: Buffer.from(certificate),
    key: Buffer.from(key),
    ca: Buffer.from(authority.certificate),
    name: other,
  };
}

export const UNIX: HopWay = { name: 'unix' };
export const TLS: HopWay = { name: 'mutual TLS', tls: tlsNamed('replica.internal', 'replica.internal') };
