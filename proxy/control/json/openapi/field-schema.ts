import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';

/** A JSON Schema (2020-12), as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>;

const SCALARS: Partial<Record<ScalarType, Schema>> = {
  [ScalarType.STRING]: { type: 'string' },
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.BYTES]: { type: 'string', contentEncoding: 'base64' },
  [ScalarType.INT32]: { type: 'integer', format: 'int32' },
  // JSON's numbers hold 53 bits only.
  [ScalarType.INT64]: { type: 'string', format: 'int64', pattern: '^-?[0-9]+$' },
};

/** The messages that JSON writes as one text. */
const TEXTS: Readonly<Record<string, Schema>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$' },
};

/** Gives the schema of what has a component of its own, as a reference to it. */
export type Referrer = (to: DescMessage | DescEnum) => Schema;

/** Returns the schema of a field's values in the JSON mapping of protobuf. Throws on a type that the contract does not use. */
export function fieldSchema(field: DescField, referTo: Referrer): Schema {
  if (field.fieldKind === 'list') return { type: 'array', items: single(field, field.listKind, referTo) };
  if (field.fieldKind === 'map') return { type: 'object', additionalProperties: single(field, field.mapKind, referTo) };
  return single(field, field.fieldKind, referTo);
}

function single(field: DescField, kind: 'scalar' | 'enum' | 'message', referTo: Referrer): Schema {
  if (kind === 'enum' && field.enum !== undefined) return referTo(field.enum);
  if (kind === 'message' && field.message !== undefined) {
    return TEXTS[field.message.typeName] ?? referTo(field.message);
  }
  const schema = field.scalar === undefined ? undefined : SCALARS[field.scalar];
  if (schema === undefined)
    throw new Error(`${field.parent.typeName}.${field.name}: a type that is not described here`);
  return schema;
}
