import { DerFault, elementAt, textOf } from '../encoding/der.js';
import { canonicalType } from './attribute-types.js';
import { type Attribute, type DistinguishedName, formatName } from './distinguished-name.js';

/** One attribute of a distinguished name whose value is text. */
export interface SubjectField {
  /** Attribute type in upper case: `CN`, `O`, or a dotted OID. */
  readonly type: string;
  /** Decoded value. */
  readonly value: string;
}

/** The attributes of a name whose values are text, in order, each type in its one spelling. The others match no policy and are left out. */
export function fieldsOf(name: DistinguishedName): readonly SubjectField[] {
  return name.flat().flatMap((attribute) => {
    const value = textOfAttribute(attribute);
    return value === undefined ? [] : [{ type: canonicalType(attribute.type), value }];
  });
}

/**
 * The one text of a name, however it was spelled: two names are the same when these texts are equal. Values are compared by their
 * characters, case included.
 */
export function canonicalName(name: DistinguishedName): string {
  return formatName(
    name.map((relative) => {
      const attributes = relative.map((attribute) => {
        const type = canonicalType(attribute.type);
        const value = textOfAttribute(attribute);
        if (value !== undefined) return { type, value };
        return 'ber' in attribute ? { type, ber: attribute.ber } : { ...attribute, type };
      });
      return attributes.toSorted((a, b) => compare(formatName([[a]]), formatName([[b]])));
    }),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function textOfAttribute(attribute: Attribute): string | undefined {
  if ('value' in attribute) return attribute.value;
  const der = Buffer.from(attribute.ber, 'hex');
  try {
    const element = elementAt(der, 0);
    return element.end === der.length ? textOf(der, element) : undefined;
  } catch (fault) {
    if (fault instanceof DerFault) return undefined;
    throw fault;
  }
}
