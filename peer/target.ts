import type { NameValue } from './headers.js';

/** The target of a request: a path as it stands in HTTP, percent-encoded, and the query as decoded pairs. */
export interface Target {
  readonly path: string;
  readonly query: readonly NameValue[];
  /** The query as it stands in HTTP, without its `?`, where encoding the pairs again gives another text. It counts in place of the pairs. */
  readonly rawQuery?: string;
}

export interface TargetFault {
  readonly fault: string;
}

/** A target as a bridge gets it. */
export interface SplitTarget extends Target {
  /** The host of a target in absolute form; it counts in place of `Host` (RFC 9112 §3.2.2). */
  readonly authority?: string;
}

/**
 * Splits a request target of HTTP: a path, a URL (absolute form), or the `*` of OPTIONS. A name or value that is not percent-encoded UTF-8
 * stands in its pair as it is.
 */
export function splitTarget(target: string): SplitTarget | TargetFault {
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [undefined, undefined, target];
  if (authority !== undefined) return { authority, ...split(rest.startsWith('/') ? rest : `/${rest}`) };
  if (!target.startsWith('/') && target !== '*') return { fault: 'the request target must be a path or an http: URL' };
  return split(target);
}

function split(target: string): Target {
  const mark = target.indexOf('?');
  if (mark === -1) return { path: target, query: [] };
  const raw = target.slice(mark + 1);
  const query = raw
    .split('&')
    .filter((part) => part !== '')
    .map(pairOf);
  const isSaid = raw !== '' && encoded(query) === raw;
  return { path: target.slice(0, mark), query, ...(isSaid ? {} : { rawQuery: raw }) };
}

function pairOf(part: string): NameValue {
  const equals = part.indexOf('=');
  if (equals === -1) return { name: decoded(part), value: '' };
  return { name: decoded(part.slice(0, equals)), value: decoded(part.slice(equals + 1)) };
}

/** Reads the `rawQuery` of a peer; absent and null are none. */
export function readRawQuery(value: unknown): { readonly rawQuery?: string } | TargetFault {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'string' || ODD.test(value)) return { fault: 'rawQuery is not a query as it stands in HTTP' };
  return { rawQuery: value };
}

/** Characters that have no place in a target. */
const ODD = /[^\x21-\x7e]|#/;

/**
 * Joins a peer's path and query below `base` (a path without a slash at its end). A target that could leave the base or name another host is a
 * fault: dot segments in any spelling, a backslash, `//` at the start, and characters that have no place in a target.
 */
export function joinTarget(base: string, { path, query, rawQuery }: Target): string | TargetFault {
  const mark = path.indexOf('?');
  const pathname = mark === -1 ? path : path.slice(0, mark);
  if (path === '*' && base === '') return path;
  if (!pathname.startsWith('/') || pathname.startsWith('//')) return { fault: 'path must start with one "/"' };
  if (ODD.test(path) || pathname.includes('\\')) return { fault: 'path has a character that must be percent-encoded' };
  if (pathname.split('/').some(isDotSegment)) return { fault: 'path has a dot segment' };
  // A deployed peer may leave its query in the path.
  const left = mark === -1 ? [] : [path.slice(mark + 1)];
  const own = rawQuery ?? (query.length === 0 ? undefined : encoded(query));
  const parts = own === undefined ? left : [...left, own];
  return parts.length === 0 ? base + pathname : `${base}${pathname}?${parts.join('&')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
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
