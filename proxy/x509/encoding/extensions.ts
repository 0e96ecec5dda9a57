import { children, contentOf, DerFault, dottedOid, type Element, elementAt, expect, tags } from './der.js';

/** The extensions that this code reads or writes, by their dotted OIDs (RFC 5280 §4.2 and §5.2). */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
} as const;

/** One extension of a certificate or a list (RFC 5280 §4.1). */
export interface Extension {
  readonly critical: boolean;
  /** The one element in the extension's value. */
  readonly value: Element;
}

/**
 * Reads the extensions in their `[n] EXPLICIT` wrapping, by dotted OID; none without a wrapping. Throws DerFault, also for an extension
 * that occurs twice (RFC 5280 §4.2).
 */
export function extensionsIn(der: Buffer, wrapped: Element | undefined): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  if (wrapped === undefined) return found;
  const [list] = children(der, wrapped);
  for (const { oid, critical, content } of extensionsOf(der, expect(list, tags.sequence, 'the list of extensions'))) {
    if (found.has(oid)) throw new DerFault(`extension ${oid} stands there twice`);
    const { start, end } = expect(content, tags.octetString, `the value of extension ${oid}`);
    found.set(oid, { critical, value: elementAt(der, start, end) });
  }
  return found;
}

/**
 * Reads the values of the extensions in an `Extensions` element, by dotted OID, as raw bytes. It serves commands that show a
 * certificate which the rules reject, for example because an extension occurs twice. Throws DerFault.
 */
export function extensionValues(der: Buffer, list: Element): ReadonlyMap<string, Buffer> {
  const values = new Map<string, Buffer>();
  for (const { oid, content } of extensionsOf(der, list)) {
    if (content === undefined) throw new DerFault(`extension ${oid} has no value`);
    values.set(oid, contentOf(der, content));
  }
  return values;
}

/** One extension with its value unread. */
interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** The OCTET STRING that wraps the value. */
  readonly content: Element | undefined;
}

/** The extensions in an `Extensions` element, in order. Throws DerFault. */
function* extensionsOf(der: Buffer, list: Element): Generator<RawExtension, void> {
  for (const extension of children(der, list)) {
    const [id, ...rest] = children(der, extension);
    if (id === undefined) throw new DerFault('an extension is cut off');
    const [flag] = rest;
    const critical = flag?.tag === tags.boolean && der[flag.start] !== 0;
    yield { oid: dottedOid(der, id), critical, content: rest.at(-1) };
  }
}
