import type { Overview } from '../../session/views/overview.js';
import type { SessionView } from '../../session/views/view.js';
import { readFilter } from '../filter/filter.js';
import type { ListSessionsRequest__Output } from '../generated/micronets/wsproxy/control/v1/ListSessionsRequest.js';
import type { ListSessionsResponse } from '../generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import { badField } from '../rpc/fault.js';
import { sessionResource } from '../sessions/resource.js';
import type { SessionHistory } from '../sessions/session-history.js';
import { cutPage, type ListPosition } from './list-page.js';

/** ListSessions: one page of the live sessions. Throws Fault. */
export function listSessions(
  overview: Overview,
  history: SessionHistory,
  replica: string,
  request: ListSessionsRequest__Output,
): ListSessionsResponse {
  const filter = readFilter(request.filter, replica);
  if ('fault' in filter) throw badField('filter', filter.fault);
  const { position, descending } = orderOf(request.order_by);
  const listing = {
    items: [...history.views()].filter(filter.ok),
    position,
    descending,
    question: ['sessions', history.epoch, request.filter, request.order_by.trim()],
  };
  const cut = cutPage(listing, request.page_size, request.page_token);
  return {
    sessions: cut.items.map((view) => sessionResource(overview.session(view.uid)?.() ?? view, replica)),
    next_page_token: cut.nextPageToken,
    total_size: cut.totalSize,
  };
}

/** Keys that a session keeps for life. */
const KEYS: Readonly<Record<string, (view: SessionView) => ListPosition>> = {
  create_time: ({ sequence }) => ({ key: sequence, sequence }),
  meetup_id: ({ meetupId, sequence }) => ({ key: meetupId, sequence }),
};

function orderOf(text: string): { position: (view: SessionView) => ListPosition; descending: boolean } {
  const [key = 'create_time', direction = 'asc', ...more] = text.trim().split(/\s+/).filter(Boolean);
  const position = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (position === undefined || more.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
    throw badField('order_by', `must be one of ${Object.keys(KEYS).join(', ')}, with " desc" after it or nothing`);
  }
  return { position, descending: direction === 'desc' };
}
