import { type AsciiPattern, asciiPattern, isAt } from './ascii-pattern.js';

/** The fields of an envelope that are read here; each field has one bit. */
export const FIELD = {
  message: 1 << 0,
  messageType: 1 << 1,
  messageId: 1 << 2,
  inResponseTo: 1 << 3,
  requiresResponse: 1 << 4,
  statusCode: 1 << 5,
  method: 1 << 6,
  path: 1 << 7,
  queryStrings: 1 << 8,
  headers: 1 << 9,
  /** Names no field: a reader that waits for this bit reads the envelope to its end. */
  end: 1 << 10,
} as const;

/** The name of a field as it stands in an envelope. */
export interface FieldName {
  readonly name: string;
  /** The name with its quotes. */
  readonly pattern: AsciiPattern;
  readonly field: number;
}

function fieldName(name: Exclude<keyof typeof FIELD, 'end'>): FieldName {
  return { name, pattern: asciiPattern(`"${name}"`), field: FIELD[name] };
}

const MESSAGE = fieldName('message');
const WITHIN = (
  [
    'messageId',
    'messageType',
    'requiresResponse',
    'inResponseTo',
    'statusCode',
    'method',
    'path',
    'queryStrings',
    'headers',
  ] as const
).map(fieldName);
/** The names within the message, by the code of their first letter. */
const BY_LETTER: readonly (readonly FieldName[])[] = Array.from({ length: 128 }, (_, letter) =>
  WITHIN.filter(({ name }) => name.charCodeAt(0) === letter),
);
const NONE: readonly FieldName[] = [];

/** Finds the field beside the message whose opening quote stands at `at`. */
export function outerName(data: Buffer, at: number): FieldName | undefined {
  return isAt(data, at, MESSAGE.pattern) ? MESSAGE : undefined;
}

/** Finds the field of the message whose opening quote stands at `at`. */
export function messageName(data: Buffer, at: number): FieldName | undefined {
  const candidates = BY_LETTER[data[at + 1] ?? 0] ?? NONE;
  for (let i = 0; i < candidates.length; i += 1) {
    const one = candidates[i];
    if (one !== undefined && isAt(data, at, one.pattern)) return one;
  }
  return undefined;
}
