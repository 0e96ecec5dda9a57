import { type DescField, type DescMessage, type JsonValue, ScalarType } from '@bufbuild/protobuf';
import { badField } from '../rpc/fault.js';
import { fieldNamed } from './fields.js';

/**
 * Reads the fields of a request from its query: `application/x-www-form-urlencoded`, where `+` is a space. Names are as in JSON.
 * Throws Fault for an unknown name, for a name that is given twice, and for text that cannot be decoded.
 */
export function fieldsIn(query: string, message: DescMessage): Record<string, JsonValue> {
  const fields: Record<string, JsonValue> = {};
  for (const part of query.split('&').filter((one) => one !== '')) {
    const at = part.indexOf('=');
    const name = decoded(at === -1 ? part : part.slice(0, at), 'query');
    const field = fieldNamed(message, name);
    const value = typed(field, name, decoded(at === -1 ? '' : part.slice(at + 1), name));
    const { jsonName } = field;
    const before = fields[jsonName];
    if (field.fieldKind === 'list') fields[jsonName] = [...(Array.isArray(before) ? before : []), value];
    else if (before === undefined) fields[jsonName] = value;
    else throw badField(name, 'is given twice');
  }
  return fields;
}

/** Decodes percent-encoded UTF-8; `+` stays a plus, as in a path. Throws a Fault that names the field. */
export function unescaped(text: string, field: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badField(field, 'is not percent-encoded UTF-8');
  }
}

function decoded(text: string, field: string): string {
  return unescaped(text.replaceAll('+', ' '), field);
}

/** Gives the text of a query the type that JSON would have. */
function typed(field: DescField, name: string, text: string): JsonValue {
  if (field.scalar !== ScalarType.BOOL) return text;
  if (text !== 'true' && text !== 'false') throw badField(name, 'must be true or false');
  return text === 'true';
}
