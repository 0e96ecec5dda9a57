import { children, DerFault, dottedOid, type Element, textOf } from '../encoding/der.js';
import { typeNameOf } from './attribute-types.js';
import type { Attribute, DistinguishedName } from './distinguished-name.js';

/** Reads a Name in DER, in the order of its text: most specific first. Throws DerFault. */
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
