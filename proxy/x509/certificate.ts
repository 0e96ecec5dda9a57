import { children, type Element, elementAt, expect, tags } from './encoding/der.js';

/**
 * The fields of a certificate, as elements of its DER (RFC 5280 §4.1). A field may be missing or of a wrong type, so each reader checks
 * the field that it reads.
 */
export interface Certificate {
  readonly serial: Element | undefined;
  readonly issuer: Element | undefined;
  readonly validity: Element | undefined;
  readonly subject: Element | undefined;
  /** The SubjectPublicKeyInfo. */
  readonly key: Element | undefined;
  /** The extensions in their `[3]` wrapping; a certificate of version 1 has none. */
  readonly extensions: Element | undefined;
  /** The algorithm that stands beside the signature. */
  readonly signatureAlgorithm: Element | undefined;
}

/** `[0] version` and `[3] extensions` of a TBSCertificate. */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

/** Finds the fields. Throws DerFault when the bytes are no certificate. */
export function certificateIn(der: Buffer): Certificate {
  const [body, signatureAlgorithm] = children(der, expect(elementAt(der, 0), tags.sequence, 'a certificate'));
  const fields = children(der, expect(body, tags.sequence, 'the certificate’s body'));
  if (fields[0]?.tag === VERSION) fields.shift();
  const [serial, , issuer, validity, subject, key] = fields;
  const extensions = fields.find(({ tag }) => tag === EXTENSIONS);
  return { serial, issuer, validity, subject, key, extensions, signatureAlgorithm };
}
