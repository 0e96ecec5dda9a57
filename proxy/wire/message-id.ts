/**
 * A messageId or inResponseTo in one form that can be compared. Old documents write ids as strings, deployed peers as integers [MSG-2],
 * and an answer may spell the id the other way: the string "7" and the integer 7 are one id.
 */
export type MessageId = number | string;

/** Longest id that is compared, in characters; a longer id counts as no id. */
export const MAX_ID_CHARS = 256;

/** The text of an integer that a double holds exactly and that has one spelling: at most 15 digits, no leading zero. */
const CANONICAL = /^(?:0|-?[1-9][0-9]{0,14})$/;

/** Reads the id in a JSON value; undefined when the value is no id. */
export function messageId(value: unknown): MessageId | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value + 0 : undefined;
  if (typeof value !== 'string' || value === '' || value.length > MAX_ID_CHARS) return undefined;
  return CANONICAL.test(value) ? Number(value) : value;
}
