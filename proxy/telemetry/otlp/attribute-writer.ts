import type { SpanAttributes } from '../calls/span-attributes.js';
import { spanAttributes } from '../calls/span-attributes.js';
import { type ProtobufWriter, varintBytes } from './protobuf-writer.js';

/** Tags of `KeyValue` and of `AnyValue`, as opentelemetry-proto numbers the fields (number × 8 + type). */
const KEY = 0x0a;
const VALUE = 0x12;
const STRING_VALUE = 0x0a;
const BOOL_VALUE = 0x10;
const INT_VALUE = 0x18;
const DOUBLE_VALUE = 0x21;

/** Bounds of the whole numbers that are written as `int_value`; other numbers are `double_value`. */
const MIN_INT = -(2 ** 63);
const END_OF_INT = 2 ** 63;

/** The bytes before each attribute's value, without the lengths: the key and the tag of the value. */
const heads = new Map(Object.keys(spanAttributes).map((name) => [name, headOf(name)]));

/** Writes a field of that tag for each attribute that is not undefined, in their order. */
export function writeAttributes(writer: ProtobufWriter, tag: number, attributes: SpanAttributes): void {
  for (const name in attributes) {
    const value = attributes[name as keyof SpanAttributes];
    if (value === undefined) continue;
    writer.byte(tag);
    writeKeyValue(writer, heads.get(name) ?? headOf(name), value);
  }
}

function headOf(name: string): Uint8Array {
  const key = Buffer.from(name);
  return Uint8Array.of(KEY, key.length, ...key, VALUE);
}

function writeKeyValue(writer: ProtobufWriter, head: Uint8Array, value: string | number | boolean): void {
  if (typeof value === 'string') writeText(writer, head, value);
  else if (typeof value === 'boolean') {
    writeHead(writer, head, 2);
    writer.byte(BOOL_VALUE);
    writer.byte(value ? 1 : 0);
  } else if (Number.isInteger(value) && value >= MIN_INT && value < END_OF_INT) {
    writeHead(writer, head, 1 + varintBytes(value));
    writer.byte(INT_VALUE);
    writer.varint(value);
  } else {
    writeHead(writer, head, 9);
    writer.byte(DOUBLE_VALUE);
    writer.double(value);
  }
}

/** Almost every text is ASCII, and then its length in bytes needs no pass over it. */
function writeText(writer: ProtobufWriter, head: Uint8Array, text: string): void {
  const from = writer.position;
  writeHead(writer, head, 1 + varintBytes(text.length) + text.length);
  writer.byte(STRING_VALUE);
  writer.varint(text.length);
  if (writer.ascii(text)) return;
  writer.moveTo(from);
  const length = Buffer.byteLength(text);
  writeHead(writer, head, 1 + varintBytes(length) + length);
  writer.byte(STRING_VALUE);
  writer.utf8(text, length);
}

/** Writes a KeyValue up to its value, which takes that many bytes. */
function writeHead(writer: ProtobufWriter, head: Uint8Array, bytes: number): void {
  writer.varint(head.length + varintBytes(bytes) + bytes);
  writer.copy(head);
  writer.varint(bytes);
}
