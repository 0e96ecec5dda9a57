/** Control and format characters, line and paragraph separators, lone surrogates: they can forge a line or drive a terminal. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Nearly every text is printable ASCII, and is known to be safe in a tenth of the time that the classes of Unicode take. */
const PLAIN = /^[ -~]*$/;

/** Longest text of a peer in a log or audit line, in characters. */
export const MAX_FIELD_CHARS = 256;

/** Cuts a text from outside to `max` characters and makes it safe for a line. */
export function clean(text: string, max = MAX_FIELD_CHARS): string {
  return safe(text.length <= max ? text : `${text.slice(0, max)}…`);
}

/** Makes a text from outside safe for a line: characters that could forge a line or drive a terminal become `\u{…}`. */
export function safe(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replaceAll(UNSAFE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Makes a text of several lines safe, as `safe` does, and keeps its line ends. */
export function safeLines(text: string): string {
  return text.split('\n').map(safe).join('\n');
}
