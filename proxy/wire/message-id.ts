/**
 * A messageId or inResponseTo in the one form that they are compared in. Old documents write ids as strings, deployed peers
 * as integers [MSG-2], and an answer may write the same id the other way: the string "7" and the integer 7 are one id.
 */
export type MessageId = number | string;

/** Longest id that is compared, in characters; a longer one counts as no id. */
export const MAX_ID_CHARS = 256;

/** Text of an integer that a double holds exactly and that has one spelling: at most 15 digits, no leading zero. */
const CANONICAL = /^(?:0|-?[1-9][0-9]{0,14})$/;

/** The id that a value of JSON is, or undefined when it is none. */
export function messageId(value: unknown): MessageId | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value + 0 : undefined;
  if (typeof value !== 'string' || value === '' || value.length > MAX_ID_CHARS) return undefined;
  return CANONICAL.test(value) ? Number(value) : value;
}
