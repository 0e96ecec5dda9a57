import {
  type ConnectionName,
  type EndedBy,
  type History,
  type MessageKind,
  meetupOf,
  type ReceivedMessage,
  type Seat,
  type SentMessage,
  seatOf,
} from './history.js';

/** One message sent, and its place among those of its connection. */
export interface SentAt extends SentMessage {
  readonly at: number;
  readonly place: number;
}

export interface ReceivedAt extends ReceivedMessage {
  readonly at: number;
}

/** All that a history tells of one connection. */
export interface ToldConnection {
  readonly on: ConnectionName;
  readonly seat: Seat;
  readonly meetup: string;
  readonly openedAt: number;
  readonly closed:
    | { readonly at: number; readonly code: number; readonly reason: string; readonly by: EndedBy }
    | undefined;
  /** By message id. */
  readonly sent: ReadonlyMap<number, SentAt>;
  readonly received: readonly ReceivedAt[];
  /** When its own HELLO was sent. */
  readonly saidHelloAt: number | undefined;
  /** The other peer's HELLO. */
  readonly hello: ReceivedAt | undefined;
  /** The connection at the other end: by the HELLO, or by the first message where none came. */
  readonly partner: ConnectionName | undefined;
}

interface Building {
  openedAt: number;
  closed: ToldConnection['closed'];
  sent: Map<number, SentAt>;
  received: ReceivedAt[];
}

/** The connections of a history, by name. */
export function connectionsOf({ entries }: History): ReadonlyMap<ConnectionName, ToldConnection> {
  const building = new Map<ConnectionName, Building>();
  const of = (on: ConnectionName, at: number): Building => {
    const known = building.get(on) ?? { openedAt: at, closed: undefined, sent: new Map(), received: [] };
    building.set(on, known);
    return known;
  };
  for (const entry of entries) {
    if (entry.t === 'refused') continue;
    const one = of(entry.on, entry.at);
    if (entry.t === 'opened') one.openedAt = entry.at;
    if (entry.t === 'closed') one.closed = entry;
    if (entry.t === 'received') one.received.push({ ...entry.message, at: entry.at });
    if (entry.t === 'sent') one.sent.set(entry.message.id, { ...entry.message, at: entry.at, place: one.sent.size });
  }
  return new Map([...building].map(([on, one]) => [on, finished(on, one)]));
}

function finished(on: ConnectionName, { openedAt, closed, sent, received }: Building): ToldConnection {
  const hello = received.find(isHello);
  const own = [...sent.values()].find(isHello);
  return {
    on,
    seat: seatOf(on),
    meetup: meetupOf(on),
    openedAt,
    closed,
    sent,
    received,
    saidHelloAt: own?.at,
    hello,
    partner: hello?.from ?? received[0]?.from,
  };
}

function isHello({ kind }: { readonly kind: MessageKind }): boolean {
  return kind === 'hello';
}
