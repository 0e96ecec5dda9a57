/**
 * Request target → meetup id. Each meetup has one spelling: bytes are compared, nothing is decoded, and a path that could be spelled in
 * two ways is refused [PATH-2].
 */

/** Every meetup lies below this path, unless `--path-prefix` sets another one [PATH-1]. */
export const MEETUP_PREFIX = '/micronets/v1/ws-proxy/';
/** Longest prefix, in bytes. The edge puts the prefix into regular expressions, whose size is bounded. */
export const MAX_PREFIX_BYTES = 64;
/** Longest meetup id, in bytes, query string included. */
export const MAX_MEETUP_ID_BYTES = 512;

/** RFC 3986 `pchar` without percent-encoding: an escape would be a second spelling of the same byte. */
const SEGMENT = /^[A-Za-z0-9._~:@!$&'()*+,;=-]+$/;
/** RFC 3986 `query`; escapes are allowed here, because no hop rewrites them. */
const QUERY = /^[A-Za-z0-9._~:@!$&'()*+,;=/?%-]*$/;

export type MeetupPath =
  | { readonly ok: string }
  | { readonly refused: 'not_found' | 'meetup_id_invalid'; readonly detail: string };

/** Reads the request target of an upgrade. `prefix` must have passed `faultOfPrefix`. Throws nothing. */
export function meetupIdFrom(target: string, prefix = MEETUP_PREFIX): MeetupPath {
  if (!target.startsWith(prefix)) return { refused: 'not_found', detail: `meetups are below ${prefix}` };
  const id = target.slice(prefix.length);
  const fault = faultOf(id);
  return fault === undefined ? { ok: id } : { refused: 'meetup_id_invalid', detail: fault };
}

/**
 * The fault of a path prefix, or undefined. A prefix begins and ends with a slash, and its segments, if it has any, are like those of a
 * meetup id.
 */
export function faultOfPrefix(prefix: string): string | undefined {
  if (!prefix.startsWith('/')) return 'it does not begin with /';
  if (!prefix.endsWith('/')) return 'it does not end with /';
  if (Buffer.byteLength(prefix) > MAX_PREFIX_BYTES) return `it is longer than ${MAX_PREFIX_BYTES} bytes`;
  return prefix === '/' ? undefined : faultOfSegments(prefix.slice(1, -1));
}

/** The fault of a meetup id, or undefined. */
export function faultOf(id: string): string | undefined {
  if (id === '') return 'it is empty';
  if (Buffer.byteLength(id) > MAX_MEETUP_ID_BYTES) return `it is longer than ${MAX_MEETUP_ID_BYTES} bytes`;
  const mark = id.indexOf('?');
  const fault = faultOfSegments(mark < 0 ? id : id.slice(0, mark));
  if (fault !== undefined) return fault;
  if (mark >= 0 && !QUERY.test(id.slice(mark + 1))) return 'its query string has a character outside RFC 3986';
  return undefined;
}

function faultOfSegments(path: string): string | undefined {
  for (const segment of path.split('/')) {
    if (segment === '') return 'it has an empty segment';
    if (segment === '.' || segment === '..') return 'it has a dot segment';
    if (!SEGMENT.test(segment))
      return "a segment has a character outside A-Z a-z 0-9 . _ ~ : @ ! $ & ' ( ) * + , ; = -";
  }
  return undefined;
}
