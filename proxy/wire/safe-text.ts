/** Control and format characters, line and paragraph separators, lone surrogates: what can forge a line or drive a terminal. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text that came from outside, made safe for a line: what could forge a line or drive a terminal as `\u{…}`. */
export function safe(text: string): string {
  return text.replaceAll(UNSAFE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same of a text of several lines, which stay. */
export function safeLines(text: string): string {
  return text.split('\n').map(safe).join('\n');
}
