import { faultOf } from '../../proxy/wire/path.js';
import { headerValue, type NameValue } from '../headers.js';
import type { SplitTarget } from '../target.js';

/** The header that names the meetup, for callers that cannot put it into the path. It goes no further. */
export const MEETUP_HEADER = 'Ws-Proxy-Meetup';
/** The segment between the meetup id and the path at the other peer. */
const MARK = '/-/';

/** Whom a request to a bridge for many is for. */
export type Addressed =
  /** The other peer at a meetup, with the target that it gets. */
  | { readonly kind: 'meetup'; readonly id: string; readonly target: SplitTarget }
  /** The bridge itself: the path behind `/-`. */
  | { readonly kind: 'bridge'; readonly path: string }
  | { readonly kind: 'fault'; readonly fault: string };

/** Reads the meetup out of the path `/MEETUP/-/PATH`, or out of the header. The first `/-/` counts. */
export function addressed(target: SplitTarget, headers: readonly NameValue[]): Addressed {
  const named = headers.filter(isMeetupHeader);
  if (named.length > 1) return fault(`the header ${MEETUP_HEADER} comes twice; send it once`);
  const { path } = target;
  const mark = path.indexOf(MARK);
  const id = headerValue(named, MEETUP_HEADER.toLowerCase());
  if (id !== undefined && mark >= 0) {
    return fault(`the path has a ${MARK} and there is a header ${MEETUP_HEADER}; name the meetup in one of them`);
  }
  if (id !== undefined) return meetup(id, target);
  if (mark < 0)
    return fault(`no meetup is named: the path must be /MEETUP${MARK}PATH, or a header ${MEETUP_HEADER} be there`);
  if (mark === 0) return { kind: 'bridge', path: path.slice(MARK.length - 1) };
  return meetup(path.slice(1, mark), { ...target, path: path.slice(mark + MARK.length - 1) });
}

/** The headers that go on. */
export function withoutMeetup(headers: readonly NameValue[]): NameValue[] {
  return headers.filter((header) => !isMeetupHeader(header));
}

function isMeetupHeader({ name }: NameValue): boolean {
  return name.toLowerCase() === MEETUP_HEADER.toLowerCase();
}

function meetup(id: string, target: SplitTarget): Addressed {
  const wrong = faultOf(id);
  return wrong === undefined ? { kind: 'meetup', id, target } : fault(`the meetup id is not valid: ${wrong}`);
}

function fault(text: string): Addressed {
  return { kind: 'fault', fault: text };
}

/** The address of a meetup below that of all: `wss://HOST:PORT/micronets/v1/ws-proxy`, with a slash at its end or without. */
export function meetupUrl(prefix: string, id: string): string {
  return `${prefix.replace(/\/+$/, '')}/${id}`;
}
