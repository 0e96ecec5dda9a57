import type { Identity } from '../../proxy/x509/identity.js';

/** The headers by which the edge would forward an identity, names and values in turn, as Node hands them over. */
export function identityHeadersOf({ fingerprint, serial, notAfter, subject, issuer, uris, dns }: Identity): string[] {
  const names = { ...(uris.length > 0 && { uri: uris }), ...(dns.length > 0 && { dns }) };
  return [
    ...['x-forwarded-client-cert', JSON.stringify([{ hash: fingerprint, subject, ...names }])],
    ...['x-peer-subject', subject.replace(/ +$/, '')],
    ...['x-peer-issuer', issuer.replace(/ +$/, '')],
    ...['x-peer-serial', serial],
    ...['x-peer-fingerprint', fingerprint],
    ...['x-peer-not-after', String(notAfter)],
  ];
}
