import type { SubjectField } from './names/subject-fields.js';

/**
 * The identity that a client certificate gives a peer. It is parsed once from the edge's headers, and every layer above uses it. Envoy
 * verified the certificate; nothing here is a peer's claim.
 */
export interface Identity {
  /** SHA-256 of the DER certificate, 64 lower-case hex digits. */
  readonly fingerprint: string;
  /** Serial number, lower-case hex without leading zeros (`0` for zero). */
  readonly serial: string;
  /** End of validity, seconds since the Unix epoch. */
  readonly notAfter: number;
  /** Subject as RFC 4514 text, most specific first, as the edge wrote it; empty when the certificate has none. */
  readonly subject: string;
  /** The decoded attributes of the subject, in the order of the text; a multi-valued RDN gives several. */
  readonly fields: readonly SubjectField[];
  /** Issuer as RFC 4514 text. */
  readonly issuer: string;
  /** URI SANs, in order. */
  readonly uris: readonly string[];
  /** DNS SANs, in order. */
  readonly dns: readonly string[];
}

/** Longest SPIFFE id, in characters (SPIFFE ID §2.3). */
const MAX_SPIFFE_ID_CHARS = 2048;

/**
 * The key by which connections are counted as of one bearer, and a newcomer is taken for one who comes back: the certificate's fingerprint;
 * where it has a SPIFFE id, that and the subject. Such certificates are renewed every hour, and by their bearer as often as it likes: each
 * new one would else have room of its own. The issuer is no part of it, since a mesh renews that too; the subject is, so that who is known by
 * another subject cannot use up somebody's room by writing their URI into its own certificate.
 */
export function bearerOf({ fingerprint, uris, subject }: Pick<Identity, 'fingerprint' | 'uris' | 'subject'>): string {
  const id = spiffeIdOf(uris);
  return id === undefined ? fingerprint : `${id}\n${subject}`;
}

/** The SPIFFE id in the URI SANs: a certificate with more than one URI has none (X509-SVID §2). */
function spiffeIdOf([uri, ...others]: readonly string[]): string | undefined {
  if (uri === undefined || others.length > 0 || uri.length > MAX_SPIFFE_ID_CHARS) return undefined;
  return uri.startsWith('spiffe://') ? uri : undefined;
}

/** Whether the validity has ended: `notAfter` in seconds, `now` in milliseconds, both since the epoch. */
export function hasExpired(notAfter: number, now: number): boolean {
  return notAfter * 1000 <= now;
}
