import { createHash } from 'node:crypto';
import { certificateIn } from './certificate.js';
import { children, DerFault, type Element, epochSeconds, expect, hexInteger, tags } from './encoding/der.js';
import { EXTENSION, type Extension, extensionsIn } from './encoding/extensions.js';
import { faultOfNames, MAX_ALTERNATIVE_NAMES, MAX_FORWARDED_CHARS } from './forwarded-certificate.js';
import type { Identity } from './identity.js';
import { nameAt } from './names/der-name.js';
import { formatName, MAX_NAME_CHARS } from './names/distinguished-name.js';
import { fieldsOf } from './names/subject-fields.js';

/** Context tags of a GeneralName (RFC 5280 §4.2.1.6). */
const DNS_NAME = 0x82;
const URI_NAME = 0x86;

export type CertificateIdentity =
  | { readonly ok: Identity }
  | {
      readonly fault: string;
      /** Set for a valid certificate whose identity the edge cannot forward: the service would refuse it as `identity_malformed`. */
      readonly unforwarded?: Identity;
    };

/**
 * Reads the identity in a DER certificate: the same value that the edge forwards for it. It does not check whether the certificate is
 * valid. The fault is for people.
 */
export function identityOfCertificate(der: Buffer): CertificateIdentity {
  try {
    const identity = read(der);
    const fault = forwardingFault(identity);
    return fault === undefined ? { ok: identity } : { fault, unforwarded: identity };
  } catch (fault) {
    if (fault instanceof DerFault) return { fault: fault.message };
    throw fault;
  }
}

function read(der: Buffer): Identity {
  const { serial, issuer, validity, subject, extensions } = certificateIn(der);
  const [, notAfter] = children(der, expect(validity, tags.sequence, 'the validity'));
  if (notAfter === undefined) throw new DerFault('notAfter is missing');
  const name = nameAt(der, expect(subject, tags.sequence, 'the subject'));
  const alternatives = alternativeNames(der, extensionsIn(der, extensions));
  return {
    fingerprint: createHash('sha256').update(der).digest('hex'),
    serial: hexInteger(der, expect(serial, tags.integer, 'the serial number')),
    notAfter: epochSeconds(der, notAfter),
    subject: formatName(name),
    fields: fieldsOf(name),
    issuer: formatName(nameAt(der, expect(issuer, tags.sequence, 'the issuer'))),
    uris: textsOf(der, alternatives, URI_NAME),
    dns: textsOf(der, alternatives, DNS_NAME),
  };
}

function alternativeNames(der: Buffer, extensions: ReadonlyMap<string, Extension>): readonly Element[] {
  const value = extensions.get(EXTENSION.subjectAltName)?.value;
  return value === undefined ? [] : children(der, expect(value, tags.sequence, 'the list of SANs'));
}

function textsOf(der: Buffer, names: readonly Element[], tag: number): readonly string[] {
  return names.filter((one) => one.tag === tag).map((one) => der.toString('latin1', one.start, one.end));
}

/** The reason why the service would not read this identity in the edge's headers: the bounds of identity-headers.ts. */
function forwardingFault({ fingerprint, subject, issuer, uris, dns }: Identity): string | undefined {
  for (const [kind, list] of [
    ['URI', uris],
    ['DNS', dns],
  ] as const) {
    if (list.length > MAX_ALTERNATIVE_NAMES) return `it has more than ${MAX_ALTERNATIVE_NAMES} ${kind} SANs`;
  }
  const names = faultOfNames('a URI SAN', uris) ?? faultOfNames('a DNS SAN', dns);
  if (names !== undefined) return names;
  for (const [what, name] of [
    ['subject', subject],
    ['issuer', issuer],
  ] as const) {
    if (name.length > MAX_NAME_CHARS) return `its ${what} is longer than ${MAX_NAME_CHARS} characters`;
  }
  const forwarded = JSON.stringify([{ hash: fingerprint, subject, uri: uris, dns }]).length;
  if (forwarded <= MAX_FORWARDED_CHARS) return undefined;
  return `its subject and SANs are longer than ${MAX_FORWARDED_CHARS} characters together`;
}
