import {
  type DescField,
  type DescMessage,
  fromJson,
  fromJsonString,
  type JsonObject,
  type JsonValue,
  type Message,
} from '@bufbuild/protobuf';
import { isFieldError, reflect } from '@bufbuild/protobuf/reflect';
import { badField } from '../rpc/fault.js';
import { formOf } from './field-form.js';

/** Most characters of a name that an error message repeats. */
const MAX_TOLD_CHARS = 64;

/** Finds a field by its name in the contract (`peer_uid`) or in JSON (`peerUid`). Throws Fault when there is none. */
export function fieldNamed(message: DescMessage, name: string): DescField {
  const field = message.fields.find((one) => one.name === name || one.jsonName === name);
  if (field !== undefined) return field;
  const known = message.fields.map(({ jsonName }) => jsonName).join(', ');
  throw badField(told(name), `is no field of ${message.name}, which has ${known === '' ? 'none' : known}`);
}

/**
 * Reads a request from JSON text, strictly by the JSON mapping of protobuf. Throws a Fault that names the field for text that is
 * not a JSON object, for an unknown or repeated field at any depth, and for a value of another type.
 */
export function messageOfText(message: DescMessage, text: string): Message {
  for (const [name, value] of Object.entries(objectIn(text))) checkField(message, name, value);
  try {
    return fromJsonString(message, text);
  } catch (error) {
    throw together(error as Error);
  }
}

/** Reads a request from fields that did not come as JSON text. Throws Fault, as `messageOfText` does. */
export function messageOfFields(message: DescMessage, fields: JsonObject): Message {
  for (const [name, value] of Object.entries(fields)) checkField(message, name, value);
  try {
    return fromJson(message, fields);
  } catch (error) {
    throw together(error as Error);
  }
}

/** Puts the text from the path into its field. Throws Fault when the body has another value there. */
export function bind(message: DescMessage, request: Message, name: string, text: string): void {
  const field = fieldNamed(message, name);
  if (field.fieldKind !== 'scalar') throw new Error(`${name}: a path holds scalars only`);
  const fields = reflect(message, request);
  const said = fields.get(field);
  if (said !== '' && said !== text) throw badField(name, 'is another one than that in the path');
  fields.set(field, text);
}

function objectIn(text: string): JsonObject {
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw badField('body', 'must be a JSON object');
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw badField('body', `is not JSON: ${(error as Error).message.slice(0, 2 * MAX_TOLD_CHARS)}`);
  }
}

/** Checks this field alone, since not every fault of the library names its field. Throws Fault. */
function checkField(message: DescMessage, name: string, value: JsonValue): void {
  const field = fieldNamed(message, name);
  const form = formOf(field);
  if (typeof value === 'string' && form.text?.test(value) === false) throw badField(name, form.words);
  try {
    fromJson(message, { [name]: value });
  } catch {
    throw badField(name, form.words);
  }
}

/** Makes a Fault of an error that no single field has: a field is given twice, or two fields exclude each other. */
function together(error: Error): Error {
  const { cause } = error;
  if (isFieldError(cause)) return badField(cause.field().name, cause.message);
  const key = /duplicate object key "(.*)"$/s.exec(error.message)?.[1];
  return badField(key === undefined ? 'body' : told(key), key === undefined ? 'is not understood' : 'is given twice');
}

function told(name: string): string {
  return name.length > MAX_TOLD_CHARS ? `${name.slice(0, MAX_TOLD_CHARS)}…` : name;
}
