/** Control and format characters, line and paragraph separators, lone surrogates: what can forge a line or drive a terminal. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Longest text of a peer in a log or audit line, in characters. */
export const MAX_FIELD_CHARS = 256;

/** A text that came from outside, made safe for a line: unsafe characters as `\u{…}`, cut to `max` characters. */
export function clean(text: string, max = MAX_FIELD_CHARS): string {
  const cut = text.length <= max ? text : `${text.slice(0, max)}…`;
  return cut.replaceAll(UNSAFE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}
