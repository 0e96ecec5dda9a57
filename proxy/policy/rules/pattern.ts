/**
 * Patterns for names made of segments: meetup ids and URIs (`/`), DNS names (`.`). No regular expression comes from a file:
 * matching compares segment by segment and takes time in proportion to the name's length.
 *
 *     text     that segment, byte for byte
 *     *        any one segment
 *     {name}   any one segment, remembered by that name; literal text may stand before and after it
 *     **       at the end only: one segment or more
 */
export interface Pattern {
  /** The text as it was written. */
  readonly text: string;
  readonly separator: '/' | '.';
  readonly segments: readonly Segment[];
  /** True when the pattern ends in `**`. */
  readonly isOpen: boolean;
  /** Names in braces, each once. */
  readonly names: readonly string[];
}

type Segment =
  | { readonly t: 'text'; readonly text: string }
  | { readonly t: 'any' }
  | { readonly t: 'named'; readonly name: string; readonly before: string; readonly after: string };

/** The values that the names of a pattern stand for. */
export type Captures = ReadonlyMap<string, string>;

/** Longest pattern, in characters. */
export const MAX_PATTERN_CHARS = 512;

const NAMED = /^([^{}]*)\{([A-Za-z][A-Za-z0-9_]{0,31})\}([^{}]*)$/;

/** Reads a pattern. The fault is for people and follows the place in the file. */
export function compilePattern(
  text: string,
  separator: '/' | '.',
): { readonly ok: Pattern } | { readonly fault: string } {
  if (text === '') return { fault: 'is empty' };
  if (text.length > MAX_PATTERN_CHARS) return { fault: `is longer than ${MAX_PATTERN_CHARS} characters` };
  const parts = text.split(separator);
  const isOpen = parts.at(-1) === '**';
  const segments: Segment[] = [];
  for (const part of isOpen ? parts.slice(0, -1) : parts) {
    const read = segmentOf(part);
    if ('fault' in read) return read;
    segments.push(read);
  }
  const names = segments.flatMap((segment) => (segment.t === 'named' ? [segment.name] : []));
  return { ok: { text, separator, segments, isOpen, names: [...new Set(names)] } };
}

/**
 * Finds the values of the names in `value`; undefined when the pattern does not fit. A name that occurs twice must stand for the same
 * text. `*` and `{name}` never stand for an empty text.
 */
export function matchPattern(pattern: Pattern, value: string): Captures | undefined {
  const parts = value.split(pattern.separator);
  const { segments, isOpen } = pattern;
  if (isOpen ? parts.length <= segments.length : parts.length !== segments.length) return undefined;
  const captures = new Map<string, string>();
  for (const [i, segment] of segments.entries()) {
    if (!fits(segment, parts[i] ?? '', captures)) return undefined;
  }
  return captures;
}

function segmentOf(part: string): Segment | { readonly fault: string } {
  if (part === '*') return { t: 'any' };
  if (part === '**') return { fault: 'has "**" before its end: it may only be the last segment' };
  if (part.includes('*'))
    return { fault: 'has a "*" inside a segment: it stands for a whole one; use {name} for a part' };
  if (!/[{}]/.test(part)) return { t: 'text', text: part };
  const [whole, before = '', name = '', after = ''] = NAMED.exec(part) ?? [];
  if (whole === undefined) return { fault: 'has braces that hold no name, or two names in one segment' };
  return { t: 'named', name, before, after };
}

function fits(segment: Segment, part: string, captures: Map<string, string>): boolean {
  if (segment.t === 'text') return part === segment.text;
  if (segment.t === 'any') return part !== '';
  const { name, before, after } = segment;
  if (part.length <= before.length + after.length || !part.startsWith(before) || !part.endsWith(after)) return false;
  const value = part.slice(before.length, part.length - after.length);
  const earlier = captures.get(name);
  captures.set(name, value);
  return earlier === undefined || earlier === value;
}
