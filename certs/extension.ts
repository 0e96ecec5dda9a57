import { DerFault } from '../proxy/x509/encoding/der.js';
import { type DerElement, decodeOid, encodeElement, encodeOid, readElements, TAG } from './der.js';

/** Extensions that are read or written here (RFC 5280 §4.2 and §5.2). */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  authorityKeyIdentifier: '2.5.29.35',
} as const;

/** The values of the extensions of an `Extensions` element, by OID. */
export function readExtensions(list: DerElement | undefined): ReadonlyMap<string, Uint8Array> {
  if (list === undefined) return new Map();
  return new Map(
    readElements(list.content).map((extension) => {
      const parts = readElements(extension.content);
      return [decodeOid(contentOf(parts[0])), contentOf(parts.at(-1))] as const;
    }),
  );
}

/** An extension that is not critical. */
export function encodeExtension(oid: string, value: Uint8Array): Uint8Array {
  return encodeElement(TAG.sequence, encodeOid(oid), encodeElement(TAG.octetString, value));
}

/** @throws DerFault when there is no element, or one of another tag than `tag` */
export function contentOf(element: DerElement | undefined, tag = element?.tag): Uint8Array {
  if (element === undefined) throw new DerFault('DER: cut short');
  if (element.tag !== tag) throw new DerFault('DER: another type than belongs here');
  return element.content;
}
