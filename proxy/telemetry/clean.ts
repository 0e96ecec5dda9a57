import { safe } from '../wire/safe-text.js';

/** Longest text of a peer in a log or audit line, in characters. */
export const MAX_FIELD_CHARS = 256;

/** A text that came from outside, made safe for a line: unsafe characters as `\u{…}`, cut to `max` characters. */
export function clean(text: string, max = MAX_FIELD_CHARS): string {
  const cut = text.length <= max ? text : `${text.slice(0, max)}…`;
  return safe(cut);
}
