/** Longest path and longest query that a span or a page carries, in characters. */
export const MAX_SHOWN_CHARS = 1024;

/** Parameters whose values are secrets: the list of the HTTP semantic conventions, and names that are common in APIs. */
const SECRET = new Set([
  'x-amz-signature',
  'x-amz-credential',
  'x-amz-security-token',
  'x-goog-signature',
  'awsaccesskeyid',
  'sig',
  'signature',
  'access_token',
  'refresh_token',
  'id_token',
  'token',
  'api_key',
  'apikey',
  'key',
  'auth',
  'authorization',
  'code',
  'password',
  'passwd',
  'pwd',
  'secret',
  'client_secret',
  'session',
]);
const REDACTED = 'REDACTED';

/** A request's path without its query, and the query from the path and the queryStrings list in one, secrets replaced. */
export interface PathAndQuery {
  readonly path: string;
  /** Empty when there is none. */
  readonly query: string;
}

/** Cuts path and query to `MAX_SHOWN_CHARS` each. */
export function targetOf(path: string, queryStrings: unknown): PathAndQuery {
  const mark = path.indexOf('?');
  const own =
    mark < 0
      ? []
      : path
          .slice(mark + 1)
          .split('&')
          .map(redactPair);
  const query = [...own, ...listed(queryStrings)].join('&');
  return {
    path: (mark < 0 ? path : path.slice(0, mark)).slice(0, MAX_SHOWN_CHARS),
    query: query.slice(0, MAX_SHOWN_CHARS),
  };
}

function redactPair(pair: string): string {
  const equals = pair.indexOf('=');
  return equals >= 0 && isSecret(decoded(pair.slice(0, equals))) ? `${pair.slice(0, equals)}=${REDACTED}` : pair;
}

/** Reads the pairs of `[{"name": …, "value": …}]`; elements of another form are left out. */
function listed(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  const pairs: string[] = [];
  let length = 0;
  for (const element of list as unknown[]) {
    if (length > MAX_SHOWN_CHARS) break;
    const pair = pairOf(element);
    if (pair !== undefined) length += pairs[pairs.push(pair) - 1]?.length ?? 0;
  }
  return pairs;
}

function pairOf(element: unknown): string | undefined {
  if (typeof element !== 'object' || element === null) return undefined;
  const { name, value } = element as { name?: unknown; value?: unknown };
  if (typeof name !== 'string') return undefined;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return `${encoded(name)}=${isSecret(name) ? REDACTED : encoded(text)}`;
}

function isSecret(name: string): boolean {
  return SECRET.has(name.toLowerCase());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Passes the text through UTF-8, which turns a lone surrogate into U+FFFD. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text.slice(0, MAX_SHOWN_CHARS)).toString('utf8'));
}
