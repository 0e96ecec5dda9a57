/**
 * The text of one member of a JSON object, as it stands: numbers beyond 2^53, `1.0`, the order of names and repeated names
 * survive a bridge only when a body is never turned into JavaScript values.
 *
 * This is written by hand because jsonc-parser 3.3.1 was tried: its tree finds the first of a repeated name, takes 13 times
 * as long for 1 MB of records, and overflows the stack on deep nesting, which a body may have; its scanner takes 12 ms for a
 * string of 1 MB, where the search below takes 0.04 ms.
 *
 * @param text JSON that `JSON.parse` takes
 * @param path names from the outermost object inwards; of a repeated name the last counts, as for `JSON.parse`
 */
export function memberText(text: string, ...path: readonly string[]): string | undefined {
  let span: Span | undefined = { start: afterSpace(text, 0), end: text.length };
  for (const name of path) {
    span = member(text, span.start, name);
    if (span === undefined) return undefined;
  }
  return text.slice(span.start, span.end);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function member(text: string, object: number, wanted: string): Span | undefined {
  if (text[object] !== '{') return undefined;
  let found: Span | undefined;
  let at = afterSpace(text, object + 1);
  while (text[at] === '"') {
    const nameEnd = stringEnd(text, at);
    const start = afterSpace(text, afterSpace(text, nameEnd) + 1);
    const end = valueEnd(text, start);
    if (JSON.parse(text.slice(at, nameEnd)) === wanted) found = { start, end };
    at = afterSpace(text, afterSpace(text, end) + 1);
  }
  return found;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (' \t\r\n'.includes(text[at] ?? 'x')) at += 1;
  return at;
}

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length;
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

function valueEnd(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return stringEnd(text, from);
  if (first !== '{' && first !== '[') return next(/[,\]}\s]/g, text, from);
  let depth = 0;
  let at = from;
  do {
    at = next(/["{}[\]]/g, text, at);
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    depth += character === '{' || character === '[' ? 1 : -1;
    at += 1;
  } while (depth > 0 && at < text.length);
  return at;
}

function next(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}
