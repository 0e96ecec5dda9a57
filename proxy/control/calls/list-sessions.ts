import { NO_FIGURES, type Overview, type SessionFigures } from '../../session/views/overview.js';
import type { SessionView } from '../../session/views/view.js';
import { readFilter } from '../filter/filter.js';
import type { ListSessionsRequest__Output } from '../generated/micronets/wsproxy/control/v1/ListSessionsRequest.js';
import type { ListSessionsResponse } from '../generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import { badField } from '../rpc/fault.js';
import { livingSession, type SessionPlace } from '../sessions/resource.js';
import type { SessionHistory } from '../sessions/session-history.js';
import { sessionOrder } from '../sessions/session-order.js';
import { cutPage } from './list-page.js';

/** ListSessions: one page of the sessions that live on this replica. Throws Fault. */
export function listSessions(
  overview: Overview,
  history: SessionHistory,
  place: SessionPlace,
  request: ListSessionsRequest__Output,
): ListSessionsResponse {
  const now = place.clock.now();
  const figures = ({ uid }: SessionView): SessionFigures => overview.figures(uid) ?? NO_FIGURES;
  const filter = readFilter(request.filter, place.replica, { figures, now });
  if ('fault' in filter) throw badField('filter', filter.fault);
  const { position, descending } = sessionOrder(request.order_by);
  const listing = {
    items: [...history.views()].filter(filter.ok),
    position: (view: SessionView) => {
      const { uid, meetupId, createdAt } = view;
      return position({ uid, meetupId, createdAt: Math.round(createdAt * 1000), figures: () => figures(view) });
    },
    descending,
    question: sessionQuestion(request),
  };
  const cut = cutPage(listing, request.page_size, request.page_token);
  return {
    sessions: cut.items.map((view) => livingSession(overview.session(view.uid)?.() ?? view, place)),
    next_page_token: cut.nextPageToken,
    total_size: cut.totalSize,
  };
}

/** Everything in a request that changes the list of sessions. */
export function sessionQuestion(request: Pick<ListSessionsRequest__Output, 'filter' | 'order_by'>): readonly string[] {
  return ['sessions', request.filter, request.order_by.trim()];
}
