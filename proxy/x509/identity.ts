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

/** Whether the validity has ended: `notAfter` in seconds, `now` in milliseconds, both since the epoch. */
export function hasExpired(notAfter: number, now: number): boolean {
  return notAfter * 1000 <= now;
}
