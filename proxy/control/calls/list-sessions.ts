import type { Overview } from '../../session/views/overview.js';
import type { SessionView } from '../../session/views/view.js';
import { readFilter } from '../filter/filter.js';
import type { ListSessionsRequest__Output } from '../generated/micronets/wsproxy/control/v1/ListSessionsRequest.js';
import type { ListSessionsResponse } from '../generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import { badField } from '../rpc/fault.js';
import { sessionResource } from '../sessions/resource.js';
import type { SessionHistory } from '../sessions/session-history.js';
import { cutPage, type ListPosition } from './list-page.js';

/** ListSessions: one page of the sessions that live on this replica. Throws Fault. */
export function listSessions(
  overview: Overview,
  history: SessionHistory,
  replica: string,
  request: ListSessionsRequest__Output,
): ListSessionsResponse {
  const filter = readFilter(request.filter, replica);
  if ('fault' in filter) throw badField('filter', filter.fault);
  const { position, descending } = sessionOrder(request.order_by);
  const listing = {
    items: [...history.views()].filter(filter.ok),
    position: ({ uid, meetupId, createdAt }: SessionView) =>
      position({ uid, meetupId, createdAt: Math.round(createdAt * 1000) }),
    descending,
    question: sessionQuestion(request),
  };
  const cut = cutPage(listing, request.page_size, request.page_token);
  return {
    sessions: cut.items.map((view) => sessionResource(overview.session(view.uid)?.() ?? view, replica)),
    next_page_token: cut.nextPageToken,
    total_size: cut.totalSize,
  };
}

/** What a session is ordered by. */
export interface ListedSession {
  readonly uid: string;
  readonly meetupId: string;
  /** Microseconds since the epoch. */
  readonly createdAt: number;
}

/** Keys that a session keeps for life. */
const KEYS: Readonly<Record<string, (session: ListedSession) => ListPosition>> = {
  create_time: ({ createdAt, uid }) => ({ key: createdAt, uid }),
  meetup_id: ({ meetupId, uid }) => ({ key: meetupId, uid }),
};

/** An order of sessions, the same on every replica. */
export interface SessionOrder {
  readonly position: (session: ListedSession) => ListPosition;
  readonly descending: boolean;
}

/** Reads `order_by`. Throws Fault. */
export function sessionOrder(text: string): SessionOrder {
  const [key = 'create_time', direction = 'asc', ...more] = text.trim().split(/\s+/).filter(Boolean);
  const position = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (position === undefined || more.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
    throw badField('order_by', `must be one of ${Object.keys(KEYS).join(', ')}, with " desc" after it or nothing`);
  }
  return { position, descending: direction === 'desc' };
}

/** Everything in a request that changes the list of sessions. */
export function sessionQuestion(request: Pick<ListSessionsRequest__Output, 'filter' | 'order_by'>): readonly string[] {
  return ['sessions', request.filter, request.order_by.trim()];
}
