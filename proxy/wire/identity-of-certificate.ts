import { createHash } from 'node:crypto';
import { typeNameOf } from './attribute-types.js';
import {
  children,
  DerFault,
  dottedOid,
  type Element,
  elementAt,
  epochSeconds,
  expect,
  hexInteger,
  tags,
  textOf,
} from './der.js';
import { type Attribute, type DistinguishedName, formatName, MAX_NAME_CHARS } from './distinguished-name.js';
import { type Extension, extensionsIn } from './extensions.js';
import { faultOfNames, MAX_ALTERNATIVE_NAMES, MAX_FORWARDED_CHARS } from './forwarded-certificate.js';
import type { Identity } from './identity.js';
import { fieldsOf } from './subject-fields.js';

/** Context tags of a GeneralName (RFC 5280 §4.2.1.6). */
const DNS_NAME = 0x82;
const URI_NAME = 0x86;
const SUBJECT_ALT_NAME = '2.5.29.17';
/** `[0] version` and `[3] extensions` of a TBSCertificate (RFC 5280 §4.1). */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

export type CertificateIdentity =
  | { readonly ok: Identity }
  | {
      readonly fault: string;
      /** Set when it is a certificate, whose identity does not come through the edge: it is refused `identity_malformed`. */
      readonly unforwarded?: Identity;
    };

/**
 * The identity in a DER certificate: the same value that the edge forwards for it. It says nothing about whether the
 * certificate is valid. The fault is for people.
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
  const [body] = children(der, expect(elementAt(der, 0), tags.sequence, 'a certificate'));
  const fields = children(der, expect(body, tags.sequence, 'the certificate’s body'));
  if (fields[0]?.tag === VERSION) fields.shift();
  const [serial, , issuer, validity, subject] = fields;
  const [, notAfter] = children(der, expect(validity, tags.sequence, 'the validity'));
  if (notAfter === undefined) throw new DerFault('notAfter is missing');
  const name = nameAt(der, expect(subject, tags.sequence, 'the subject'));
  const alternatives = alternativeNames(
    der,
    extensionsIn(
      der,
      fields.find((field) => field.tag === EXTENSIONS),
    ),
  );
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

/** A Name in DER, as its text puts it: most specific first. Throws DerFault. */
export function nameAt(der: Buffer, element: Element): DistinguishedName {
  return children(der, element)
    .map((relative) =>
      children(der, relative)
        .map((one) => attributeAt(der, one))
        .toReversed(),
    )
    .toReversed();
}

function attributeAt(der: Buffer, element: Element): Attribute {
  const [type, value] = children(der, element);
  if (type === undefined || value === undefined) throw new DerFault('an attribute of a name is cut off');
  const oid = dottedOid(der, type);
  const short = typeNameOf(oid);
  const text = short === undefined ? undefined : textOf(der, value);
  if (short !== undefined && text !== undefined) return { type: short, value: text };
  return { type: short ?? oid, ber: der.toString('hex', value.at, value.end).toUpperCase() };
}

function alternativeNames(der: Buffer, extensions: ReadonlyMap<string, Extension>): readonly Element[] {
  const value = extensions.get(SUBJECT_ALT_NAME)?.value;
  return value === undefined ? [] : children(der, expect(value, tags.sequence, 'the list of SANs'));
}

function textsOf(der: Buffer, names: readonly Element[], tag: number): readonly string[] {
  return names.filter((one) => one.tag === tag).map((one) => der.toString('latin1', one.start, one.end));
}

/** What the service would not read in the headers of the edge: the bounds of identity-headers.ts. */
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
