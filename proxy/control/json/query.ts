import { type DescField, type DescMessage, type JsonValue, ScalarType } from '@bufbuild/protobuf';
import { badField } from '../rpc/fault.js';
import { fieldNamed } from './fields.js';

/**
 * The fields of a request from its query: `application/x-www-form-urlencoded`, where `+` is a space. Names as in JSON. Throws
 * Fault for a name that is not known, one that is given twice, and what cannot be decoded.
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

/** Percent-encoded UTF-8; `+` stays what it is, as in a path. Throws Fault in the name of that field. */
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

/** JSON has types where a query has text. */
function typed(field: DescField, name: string, text: string): JsonValue {
  if (field.scalar !== ScalarType.BOOL) return text;
  if (text !== 'true' && text !== 'false') throw badField(name, 'must be true or false');
  return text === 'true';
}
