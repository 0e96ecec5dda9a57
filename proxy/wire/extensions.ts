import { children, DerFault, dottedOid, type Element, elementAt, expect, tags } from './der.js';

/** One extension of a certificate or a list (RFC 5280 §4.1). */
export interface Extension {
  readonly critical: boolean;
  /** The one element in its value. */
  readonly value: Element;
}

/**
 * The extensions in their `[n] EXPLICIT` wrapping, by dotted OID; none where there is no wrapping. Throws DerFault, also for one that
 * stands there twice (RFC 5280 §4.2).
 */
export function extensionsIn(der: Buffer, wrapped: Element | undefined): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  if (wrapped === undefined) return found;
  const [list] = children(der, wrapped);
  for (const extension of children(der, expect(list, tags.sequence, 'the list of extensions'))) {
    const [id, ...rest] = children(der, extension);
    if (id === undefined) throw new DerFault('an extension is cut off');
    const oid = dottedOid(der, id);
    if (found.has(oid)) throw new DerFault(`extension ${oid} stands there twice`);
    const { start, end } = expect(rest.at(-1), tags.octetString, `the value of extension ${oid}`);
    const [flag] = rest;
    const critical = flag?.tag === tags.boolean && der[flag.start] !== 0;
    found.set(oid, { critical, value: elementAt(der, start, end) });
  }
  return found;
}
