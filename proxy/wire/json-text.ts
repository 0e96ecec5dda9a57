/** Characters that a terminal obeys or hides: controls (C0, DEL, C1), formats such as U+202E, line and paragraph separators. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Writes a value as JSON text that is safe to show. Inside its strings, characters that steer a terminal are written as `\uXXXX`: the
 * text means the same to a parser and does nothing to a terminal. `indent`: spaces of one level; 0 for one line.
 */
export function jsonText(value: unknown, indent = 0): string {
  return escapedJson(JSON.stringify(value, null, indent));
}

/** Puts the same escapes into JSON text. Line ends and tabs between values stay; inside a string JSON has none of them raw. */
export function escapedJson(text: string): string {
  return text.replace(STEERING, (char) => (LAYOUT.has(char) ? char : escaped(char)));
}

const LAYOUT: ReadonlySet<string> = new Set(['\n', '\r', '\t']);

/** Writes one `\uXXXX` for each UTF-16 code unit. */
function escaped(char: string): string {
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
