import type { NameValue } from './headers.js';

/** Where a request goes: a path as it stands in HTTP, percent-encoded, and the query as decoded pairs. */
export interface Target {
  readonly path: string;
  readonly query: readonly NameValue[];
}

export interface TargetFault {
  readonly fault: string;
}

/**
 * Splits a request target of HTTP. `?flag` and `?flag=` become the same pair, as the protocol knows only pairs. A query that is not
 * UTF-8 cannot be carried as text and is refused, rather than changed.
 */
export function splitTarget(target: string): Target | TargetFault {
  if (!target.startsWith('/')) return { fault: 'the request target must be a path that starts with "/"' };
  const mark = target.indexOf('?');
  if (mark === -1) return { path: target, query: [] };
  const query: NameValue[] = [];
  for (const part of target.slice(mark + 1).split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decoded(equals === -1 ? part : part.slice(0, equals));
    const value = decoded(equals === -1 ? '' : part.slice(equals + 1));
    if (name === undefined || value === undefined) return { fault: 'the query is not percent-encoded UTF-8' };
    query.push({ name, value });
  }
  return { path: target.slice(0, mark), query };
}

/**
 * Joins a peer's path and query below `base` (a path without a slash at its end). What could leave the base or name another host is a
 * fault: dot segments in any spelling, a backslash, `//` at the start, and characters that have no place in a target.
 */
export function joinTarget(base: string, { path, query }: Target): string | TargetFault {
  const mark = path.indexOf('?');
  const pathname = mark === -1 ? path : path.slice(0, mark);
  if (!pathname.startsWith('/') || pathname.startsWith('//')) return { fault: 'path must start with one "/"' };
  if (/[^\x21-\x7e]|[\\#]/.test(path)) return { fault: 'path has a character that must be percent-encoded' };
  if (pathname.split('/').some(isDotSegment)) return { fault: 'path has a dot segment' };
  // A deployed peer may leave its query in the path.
  const parts = [mark === -1 ? '' : path.slice(mark + 1), encoded(query)].filter((part) => part !== '');
  return parts.length === 0 ? base + pathname : `${base}${pathname}?${parts.join('&')}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function encoded(query: readonly NameValue[]): string {
  const pairs = new URLSearchParams();
  for (const { name, value } of query) pairs.append(name, value);
  return pairs.toString();
}

/** `.` and `..`, also where a server might decode once or twice, split at an escaped slash, or cut path parameters (`..;x`). */
function isDotSegment(segment: string): boolean {
  const plain = segment.replace(/%(25)*2e/gi, '.').replace(/%(25)*(2f|5c)/gi, '/');
  return plain.split('/').some((part) => /^\.\.?(;|$)/.test(part));
}
