import { canonicalNames } from '../../x509/canonical-names.js';
import type { Identity } from '../../x509/identity.js';
import { canonicalType, isKnownType } from '../../x509/names/attribute-types.js';
import { parseName } from '../../x509/names/distinguished-name.js';
import { canonicalName } from '../../x509/names/subject-fields.js';
import type { Path } from './yaml-document.js';

/** A fault in a rule, with the path to it inside the rule. */
export interface RuleFault {
  readonly path: Path;
  readonly message: string;
}

/** One condition on one part of the identity. It looks at no other part, so a SAN cannot pass for a subject, nor a subject for a SAN. */
export interface Condition {
  readonly holds: (identity: Identity) => boolean;
  /** The reason why the condition does not hold. */
  readonly describe: (identity: Identity) => string;
  /** Set where the certificate must have one of several exact values: their keys, as `certificateKeys` makes them. */
  readonly keys?: readonly string[];
}

const fieldKey = (type: string, value: string): string => `field ${type} ${value}`;
const subjectKey = (name: string): string => `subject ${name}`;
const fingerprintKey = (hex: string): string => `fingerprint ${hex}`;

/** The keys of every exact value that a condition may ask for. `subject` is the canonical text. */
export function certificateKeys({ fields, fingerprint }: Identity, subject: string): readonly string[] {
  return [...fields.map(({ type, value }) => fieldKey(type, value)), subjectKey(subject), fingerprintKey(fingerprint)];
}

/** The subject has one of the values in an attribute of this type. */
export function fieldCondition(type: string, values: readonly string[]): Condition {
  const canonical = canonicalType(type);
  const wanted = new Set(values);
  return {
    keys: values.map((value) => fieldKey(canonical, value)),
    holds: ({ fields }) => fields.some((field) => field.type === canonical && wanted.has(field.value)),
    describe: ({ fields }) => {
      const own = fields.filter((field) => field.type === canonical).map((field) => field.value);
      return `subject.${type} is ${quoted(own)}, not ${quoted(values)}`;
    },
  };
}

/** The whole subject, or the whole issuer, is one of the names. Faults go to `faults`. */
export function nameCondition(part: 'subject' | 'issuer', texts: readonly string[], faults: RuleFault[]): Condition {
  const wanted = new Set<string>();
  for (const text of texts) {
    const read = parseName(text);
    if ('ok' in read) {
      wanted.add(canonicalName(read.ok));
      const unknown = read.ok.flat().find(({ type }) => !isKnownType(type));
      if (unknown !== undefined) faults.push({ path: [part], message: unknownType(unknown.type) });
    } else faults.push({ path: [part], message: `is not an RFC 4514 name: ${read.fault}` });
  }
  return {
    ...(part === 'subject' && { keys: [...wanted].map(subjectKey) }),
    holds: (identity) => wanted.has(canonicalNames(identity)[part]),
    describe: (identity) => `the ${part} is ${quoted([identity[part]])}, not ${quoted(texts)}`,
  };
}

/** The fault of an attribute type that no certificate has: it would never fit, so it is a slip of the pen. */
export function unknownType(type: string): string {
  return `${JSON.stringify(type)} is no attribute type that is known by name: write its OID, as "ws-proxy certs show" prints it`;
}

/** The fingerprint, or the serial number, is one of the values. */
export function hexCondition(part: 'fingerprint' | 'serial', values: readonly string[]): Condition {
  const wanted = new Set(values.map((value) => plainHex(part, value)));
  return {
    ...(part === 'fingerprint' && { keys: [...wanted].map(fingerprintKey) }),
    holds: (identity) => wanted.has(identity[part]),
    describe: (identity) => `the ${part} ${identity[part]} is not listed`,
  };
}

/** Writes a fingerprint or serial number as identities have it: lower case, no colons, and a serial number without leading zeros. */
export function plainHex(part: 'fingerprint' | 'serial', text: string): string {
  const hex = text.replaceAll(':', '').toLowerCase();
  return part === 'serial' ? hex.replace(/^0+(?=.)/, '') : hex;
}

/** Quotes values for a sentence, at most three of them. */
export function quoted(values: readonly string[]): string {
  if (values.length === 0) return 'absent';
  const some = values.slice(0, 3).map((value) => JSON.stringify(value));
  return some.join(' or ') + (values.length > 3 ? ` or ${values.length - 3} more` : '');
}
