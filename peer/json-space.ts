/** JSON text and the white space around it (RFC 8259 §2). */
export interface SpacedJson {
  readonly before: string;
  readonly value: string;
  readonly after: string;
}

const SPACE = ' \t\r\n';

/** Takes white space off both ends of JSON text. */
export function trimmed(text: string): SpacedJson {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.includes(text[start] ?? '')) start += 1;
  while (end > start && SPACE.includes(text[end - 1] ?? '')) end -= 1;
  return { before: text.slice(0, start), value: text.slice(start, end), after: text.slice(end) };
}

/** Puts white space around JSON text again. `space` is the field of a peer, or nothing; undefined where it is anything else. */
export function spaced(value: string, space: unknown): string | undefined {
  if (space === undefined || space === null) return value;
  if (!Array.isArray(space) || space.length !== 2 || !space.every(isSpace)) return undefined;
  return `${space[0]}${value}${space[1]}`;
}

function isSpace(value: unknown): value is string {
  return typeof value === 'string' && !/[^ \t\r\n]/.test(value);
}
