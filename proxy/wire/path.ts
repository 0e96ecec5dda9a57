/**
 * Request target → meetup id. One spelling is one meetup: bytes are compared, nothing is decoded, and what could be
 * spelled in two ways is refused [PATH-2].
 */

/** Every meetup lies below this path [PATH-1]. */
export const MEETUP_PREFIX = '/micronets/v1/ws-proxy/';
/** Longest meetup id, in bytes, query string included. */
export const MAX_MEETUP_ID_BYTES = 512;

/** RFC 3986 `pchar` without percent-encoding: an escape would be a second spelling of the same byte. */
const SEGMENT = /^[A-Za-z0-9._~:@!$&'()*+,;=-]+$/;
/** RFC 3986 `query`; escapes are allowed here, since no hop rewrites them. */
const QUERY = /^[A-Za-z0-9._~:@!$&'()*+,;=/?%-]*$/;

export type MeetupPath =
  | { readonly ok: string }
  | { readonly refused: 'not_found' | 'meetup_id_invalid'; readonly detail: string };

/** Reads the request target of an upgrade. Throws nothing. */
export function meetupIdFrom(target: string): MeetupPath {
  if (!target.startsWith(MEETUP_PREFIX)) return { refused: 'not_found', detail: `meetups are below ${MEETUP_PREFIX}` };
  const id = target.slice(MEETUP_PREFIX.length);
  const fault = faultOf(id);
  return fault === undefined ? { ok: id } : { refused: 'meetup_id_invalid', detail: fault };
}

/** What is wrong with a meetup id, or undefined. */
export function faultOf(id: string): string | undefined {
  if (id === '') return 'it is empty';
  if (Buffer.byteLength(id) > MAX_MEETUP_ID_BYTES) return `it is longer than ${MAX_MEETUP_ID_BYTES} bytes`;
  const mark = id.indexOf('?');
  const segments = (mark < 0 ? id : id.slice(0, mark)).split('/');
  for (const segment of segments) {
    if (segment === '') return 'it has an empty segment';
    if (segment === '.' || segment === '..') return 'it has a dot segment';
    if (!SEGMENT.test(segment))
      return "a segment has a character outside A-Z a-z 0-9 . _ ~ : @ ! $ & ' ( ) * + , ; = -";
  }
  if (mark >= 0 && !QUERY.test(id.slice(mark + 1))) return 'its query string has a character outside RFC 3986';
  return undefined;
}
