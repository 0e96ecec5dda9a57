import type { SessionFigures } from '../../session/views/overview.js';
import { badField } from '../rpc/fault.js';

/** What a session is ordered by. */
export interface ListedSession {
  readonly uid: string;
  readonly meetupId: string;
  /** Microseconds since the epoch. */
  readonly createdAt: number;
  /** Its figures now. */
  readonly figures: () => SessionFigures;
}

/** Where a session stands: its key, then its uid. */
interface Position {
  readonly key: string | number;
  readonly uid: string;
}

/** Keys of an order, whole numbers or texts. The first three a session keeps for life. */
const KEYS: Readonly<Record<string, (session: ListedSession) => Position['key']>> = {
  create_time: ({ createdAt }) => createdAt,
  meetup_id: ({ meetupId }) => meetupId,
  age: ({ createdAt }) => -createdAt,
  errors: ({ figures }) => figures().errors,
  in_flight: ({ figures }) => figures().inFlight,
  latency: ({ figures }) => Math.round(figures().latency * 1000),
  backlog: ({ figures }) => figures().backlog,
};

/** An order of sessions, the same on every replica. */
export interface SessionOrder {
  readonly position: (session: ListedSession) => Position;
  readonly descending: boolean;
}

/** Reads `order_by`. Throws Fault. */
export function sessionOrder(text: string): SessionOrder {
  const [name = 'create_time', direction = 'asc', ...more] = text.trim().split(/\s+/).filter(Boolean);
  const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
  if (key === undefined || more.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
    throw badField('order_by', `must be one of ${Object.keys(KEYS).join(', ')}, with " desc" after it or nothing`);
  }
  return { position: (session) => ({ key: key(session), uid: session.uid }), descending: direction === 'desc' };
}
