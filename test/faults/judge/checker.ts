import { type ConnectionName, type History, meetupOf } from './history.js';
import { connectionsOf, type ReceivedAt, type ToldConnection } from './told-connection.js';

/** Every kind of wrong that the checker finds. */
export const violationKinds = {
  crossed: 'a message of another meetup, of another connection than the one that said HELLO, or of the peer itself',
  doubled: 'a message that came twice',
  altered: 'a message that nobody sent like that',
  reordered: 'a message that came after one sent later',
  hello_missing: 'two peers sat at one meetup for longer than the bound, or were sent messages, without a HELLO',
  hello_late: 'a HELLO that came after the bound',
  hello_not_first: 'a message that came before the HELLO',
  one_sided: 'a connection that lived for longer than the bound after the one at its other end had ended',
  lost: 'a message that never came, though a later one did or neither connection ended',
  answered_twice: 'a call that got two answers',
  unanswered: 'a call that was received and never answered, though neither connection ended',
  made_twice: 'a call that was received twice, by whatever requests',
} as const;

export type ViolationKind = keyof typeof violationKinds;

/** One thing that must not be. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly on: ConnectionName;
  readonly detail: string;
}

/** Times that a history must keep, in milliseconds. */
export interface CheckBounds {
  /** From when both peers have said HELLO to when each has the other's. */
  readonly hello: number;
  /** From the end of one connection of a session to the end of the other. */
  readonly oneSided: number;
}

type Connections = ReadonlyMap<ConnectionName, ToldConnection>;

/** Judges what peers saw, and nothing else: it knows neither the proxy nor which fault there was. */
export function check(history: History, bounds: CheckBounds): Violation[] {
  const all = connectionsOf(history);
  const got = new Map<string, string>();
  return [...all.values()].flatMap((one) => [
    ...repeats(one, got),
    ...deliveries(one, all),
    ...greetings(one, all, bounds.hello, history.end),
    ...sides(one, all, bounds.oneSided, history.end),
    ...losses(one, all),
    ...answers(one, all),
  ]);
}

/** Each message that came on a connection, told by the first thing that is wrong with it. */
function deliveries(one: ToldConnection, all: Connections): Violation[] {
  const seen = new Set<number>();
  let latest = -1;
  return one.received.flatMap((message) => {
    // What says nothing of where it was sent, such as an answer that a library makes by itself, can be of the partner alone.
    const from = message.from === '' ? (one.partner ?? '') : message.from;
    const sent = all.get(from)?.sent.get(message.id);
    const named = (kind: ViolationKind): Violation[] => [violation(kind, one, nameOf(message))];
    if (isCrossed({ ...message, from }, one, all)) return named('crossed');
    if (sent === undefined || sent.digest !== message.digest) return named('altered');
    if (seen.has(message.id)) return named('doubled');
    seen.add(message.id);
    if (message.kind === 'hello') return [];
    if (sent.place < latest) return named('reordered');
    latest = sent.place;
    return [];
  });
}

function isCrossed({ kind, from }: Pick<ReceivedAt, 'kind' | 'from'>, one: ToldConnection, all: Connections): boolean {
  if (from !== one.partner || meetupOf(from) !== one.meetup) return true;
  const other = all.get(from);
  if (other === undefined) return false;
  // Two of one seat are no pair, and nobody is in two pairs.
  return kind === 'hello' && (other.seat === one.seat || (other.partner !== undefined && other.partner !== one.on));
}

function greetings(one: ToldConnection, all: Connections, bound: number, end: number): Violation[] {
  const [first] = one.received;
  if (first === undefined) return unmet(one, all, bound, end);
  if (one.hello === undefined) return [violation('hello_missing', one, `${nameOf(first)} came without one`)];
  if (first !== one.hello) return [violation('hello_not_first', one, `${nameOf(first)} came before it`)];
  const other = all.get(one.hello.from);
  const late = one.hello.at - Math.max(one.saidHelloAt ?? 0, other?.saidHelloAt ?? 0);
  return late > bound ? [violation('hello_late', one, `by ${Math.round(late)} ms`)] : [];
}

/** Nothing came on this connection: was there somebody who had said HELLO, and had no other partner? */
function unmet(one: ToldConnection, all: Connections, bound: number, end: number): Violation[] {
  const { saidHelloAt } = one;
  if (saidHelloAt === undefined) return [];
  for (const other of all.values()) {
    if (other.meetup !== one.meetup || other.seat === one.seat || other.saidHelloAt === undefined) continue;
    if (other.partner !== undefined && other.partner !== one.on) continue;
    const until = Math.min(one.closed?.at ?? end, other.closed?.at ?? end);
    const both = until - Math.max(saidHelloAt, other.saidHelloAt);
    if (both > bound) return [violation('hello_missing', one, `${other.on} was there too for ${Math.round(both)} ms`)];
  }
  return [];
}

function sides(one: ToldConnection, all: Connections, bound: number, end: number): Violation[] {
  const other = all.get(one.partner ?? '');
  if (one.closed === undefined || other === undefined) return [];
  const alone = (other.closed?.at ?? end) - one.closed.at;
  return alone > bound ? [violation('one_sided', other, `for ${Math.round(alone)} ms after ${one.on}`)] : [];
}

function losses(one: ToldConnection, all: Connections): Violation[] {
  const other = all.get(one.partner ?? '');
  if (other === undefined || meetupOf(other.on) !== one.meetup) return [];
  const came = new Set(other.received.filter(({ from }) => from === one.on || from === '').map(({ id }) => id));
  const last = Math.max(-1, ...[...came].map((id) => one.sent.get(id)?.place ?? -1));
  const isOver = one.closed !== undefined || other.closed !== undefined;
  return [...one.sent.values()]
    .filter(({ kind, id, place }) => kind !== 'hello' && !came.has(id) && (place < last || !isOver))
    .map(({ kind, id, place }) =>
      violation('lost', one, `${kind} ${id}${place < last ? ', and later ones came' : ''}`),
    );
}

function answers(one: ToldConnection, all: Connections): Violation[] {
  const other = all.get(one.partner ?? '');
  const isOver = one.closed !== undefined || other?.closed !== undefined;
  const came = answersBy(one.received.filter(({ from }) => from === one.partner || from === ''));
  const given = answersBy(other?.sent.values() ?? []);
  const taken = new Set(other?.received.filter(({ kind }) => kind === 'request').map(({ id }) => id));
  return [...one.sent.values()].flatMap(({ kind, id }) => {
    if (kind !== 'request') return [];
    const count = came.get(id)?.size ?? 0;
    if (count > 1) return [violation('answered_twice', one, `call ${id}, ${count} answers`)];
    if (count === 1 || isOver || given.has(id) || !taken.has(id)) return [];
    return [violation('unanswered', one, `call ${id}`)];
  });
}

/** Calls that other requests have made before; `got` has the request by which each call came first. */
function repeats(one: ToldConnection, got: Map<string, string>): Violation[] {
  return one.received.flatMap(({ call, from, id }) => {
    if (call === undefined) return [];
    const request = `${from} ${id}`;
    const before = got.get(call) ?? request;
    got.set(call, before);
    return before === request ? [] : [violation('made_twice', one, `call ${call}: by ${before} and by ${request}`)];
  });
}

/** The ids of the answers to each call. */
function answersBy(messages: Iterable<{ readonly id: number; readonly answers?: number }>): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>();
  for (const { id, answers: call } of messages) {
    if (call === undefined) continue;
    const ids = found.get(call) ?? new Set();
    found.set(call, ids.add(id));
  }
  return found;
}

function violation(kind: ViolationKind, { on }: ToldConnection, detail: string): Violation {
  return { kind, on, detail };
}

function nameOf({ kind, id, from }: ReceivedAt): string {
  return `${kind} ${id} of ${from === '' ? 'nobody knows whom' : from}`;
}
