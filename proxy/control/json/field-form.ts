import { type DescField, ScalarType } from '@bufbuild/protobuf';

/** The form of the values that a field takes. */
export interface FieldForm {
  /** The words of the refusal of any other value. */
  readonly words: string;
  /** Pattern of a value that is written as text, where the library would take other texts, too. */
  readonly text?: RegExp;
}

const INTEGER: FieldForm = { words: 'must be an integer in its range', text: /^-?\d{1,20}$/ };
const SCALARS: Partial<Record<ScalarType, FieldForm>> = {
  [ScalarType.STRING]: { words: 'must be a text' },
  [ScalarType.BOOL]: { words: 'must be true or false' },
  [ScalarType.BYTES]: { words: 'must be base64' },
  [ScalarType.INT32]: INTEGER,
  [ScalarType.INT64]: INTEGER,
};
const MESSAGES: Readonly<Record<string, FieldForm>> = {
  'google.protobuf.Duration': { words: 'must be a duration in seconds, such as "1.5s"' },
  'google.protobuf.Timestamp': { words: 'must be a time such as "2030-01-31T12:00:00Z"' },
};
const OTHER: FieldForm = { words: 'is not of the type that the contract says' };

/** Returns the form of a field's values. */
export function formOf(field: DescField): FieldForm {
  if (field.fieldKind === 'scalar') return SCALARS[field.scalar] ?? OTHER;
  if (field.fieldKind === 'message') return MESSAGES[field.message.typeName] ?? OTHER;
  return OTHER;
}
