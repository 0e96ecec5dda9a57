import { create, type DescField, type DescMessage, type Message, ScalarType } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';

/** Values at the edge of what each type holds. */
const SCALARS: Partial<Record<ScalarType, unknown>> = {
  [ScalarType.STRING]: 'é "\u202e"',
  [ScalarType.BOOL]: true,
  [ScalarType.BYTES]: new Uint8Array([0, 251, 255]),
  [ScalarType.INT32]: -(2 ** 31),
  [ScalarType.INT64]: 2n ** 63n - 1n,
};
/** The fields of these have bounds of their own. */
const TEXTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'google.protobuf.Timestamp': { seconds: 253_402_300_799n, nanos: 999_999_999 },
  'google.protobuf.Duration': { seconds: -315_576_000_000n, nanos: -1 },
};

/** A message with a value in every field, and in every message inside it; of fields that exclude each other, the last. */
export function filledMessage(message: DescMessage): Message {
  const own = TEXTS[message.typeName];
  if (own !== undefined) return create(message, own);
  const filled = create(message);
  const fields = reflect(message, filled);
  for (const field of message.fields) {
    if (field.fieldKind === 'list') fields.get(field).add(valueFor(field, field.listKind));
    else if (field.fieldKind !== 'map') fields.set(field, valueFor(field, field.fieldKind));
    else throw new Error(`${field.name}: the contract has no maps`);
  }
  return filled;
}

function valueFor(field: DescField, kind: 'scalar' | 'enum' | 'message'): never {
  if (kind === 'message' && field.message !== undefined) {
    return reflect(field.message, filledMessage(field.message)) as never;
  }
  if (kind === 'enum') return field.enum?.values.at(-1)?.number as never;
  return SCALARS[field.scalar as ScalarType] as never;
}
