/** Control and format characters, line and paragraph separators, lone surrogates: what can forge a line or drive a terminal. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Longest text of a peer in a log or audit line, in characters. */
export const MAX_FIELD_CHARS = 256;

/** A text that came from outside, cut to `max` characters and made safe for a line. */
export function clean(text: string, max = MAX_FIELD_CHARS): string {
  return safe(text.length <= max ? text : `${text.slice(0, max)}…`);
}

/** A text that came from outside, made safe for a line: what could forge a line or drive a terminal as `\u{…}`. */
export function safe(text: string): string {
  return text.replaceAll(UNSAFE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same of a text of several lines, which stay. */
export function safeLines(text: string): string {
  return text.split('\n').map(safe).join('\n');
}
