import type { CheckBounds, ViolationKind } from './checker.js';
import { type Entry, type History, seatOf } from './history.js';
import { connectionsOf } from './told-connection.js';

type Received = Extract<Entry, { readonly t: 'received' }>;
type Sent = Extract<Entry, { readonly t: 'sent' }>;

/**
 * Spoils a true history in exactly one way; `at` chooses the place among those that there are. Undefined where there is no place
 * for it.
 */
type Spoiler = (history: History, at: number, bounds: CheckBounds) => History | undefined;

/** For each kind of violation a history that has this one and no other. */
export const spoilers: Readonly<Record<ViolationKind, Spoiler>> = {
  crossed: (history, at) => {
    const stray = pick(messagesOf(history), at);
    if (stray === undefined) return undefined;
    const elsewhere = messagesOf(history).filter(
      ({ on }) => on !== stray.on && seatOf(on) !== seatOf(stray.message.from),
    );
    const before = pick(elsewhere, at);
    return before && after(history, before, { ...stray, on: before.on, at: before.at });
  },
  doubled: (history, at) => {
    const twice = pick(messagesOf(history), at);
    return twice && after(history, twice, twice);
  },
  altered: (history, at) => {
    const one = pick(messagesOf(history), at);
    return one && replaced(history, one, { ...one, message: { ...one.message, digest: 'of something else' } });
  },
  reordered: (history, at) => {
    const all = messagesOf(history);
    const pairs = all.flatMap((one) => {
      const next = all.find((other) => other.on === one.on && other.at > one.at);
      return next === undefined ? [] : [[one, next] as const];
    });
    const chosen = pick(pairs, at);
    if (chosen === undefined) return undefined;
    const [one, next] = chosen;
    return replaced(replaced(history, one, { ...next, at: one.at }), next, { ...one, at: next.at });
  },
  hello_missing: (history, at) => {
    const hello = pick(hellosOf(history), at);
    return hello && without(history, hello);
  },
  hello_late: (history, at, { hello: bound }) => {
    const hello = pick(hellosOf(history).filter(openAtEnd(history)), at);
    if (hello === undefined) return undefined;
    const late = (entry: Entry): Entry =>
      entry.t === 'received' && entry.on === hello.on ? { ...entry, at: entry.at + bound + 1 } : entry;
    return { ...history, entries: history.entries.map(late) };
  },
  hello_not_first: (history, at) => {
    const hello = pick(hellosOf(history), at);
    const next = hello && messagesOf(history).find(({ on }) => on === hello.on);
    // The HELLO alone changes its place, so that no other message overtakes another.
    return hello && next && withHelloAfter(history, hello, next);
  },
  one_sided: (history, at) => {
    const closed = pick(
      history.entries.filter(({ t }) => t === 'closed'),
      at,
    );
    return closed && without(history, closed);
  },
  lost: (history, at) => {
    const open = messagesOf(history).filter(openAtEnd(history));
    const lost = pick(open, at);
    return lost && without(history, lost);
  },
  answered_twice: (history, at) => {
    const answer = pick(
      messagesOf(history).filter(({ message }) => message.kind === 'response'),
      at,
    );
    if (answer === undefined) return undefined;
    const { from } = answer.message;
    const sent = sentOf(history, answer);
    if (sent === undefined) return undefined;
    const again = { ...sent.message, id: 1_000_000, digest: 'of a second answer' };
    const said = after(history, sent, { ...sent, message: again });
    // Where an answer follows that was sent before the second one, the second one comes right after the first all the same.
    return after(said, answer, { ...answer, message: { ...again, from } });
  },
  unanswered: (history, at) => {
    const responses = messagesOf(history).filter(({ message }) => message.kind === 'response');
    const open = responses.filter(openAtEnd(history));
    const answer = pick(open, at);
    if (answer === undefined) return undefined;
    const isIt = (entry: Entry): boolean =>
      entry === answer ||
      (entry.t === 'sent' && entry.on === answer.message.from && entry.message.id === answer.message.id);
    return { ...history, entries: history.entries.filter((entry) => !isIt(entry)) };
  },
  made_twice: (history, at) => {
    const isOpen = openAtEnd(history);
    const requests = messagesOf(history).filter((entry) => entry.message.call !== undefined && !isOpen(entry));
    const first = pick(requests, at);
    const sent = first && sentOf(history, first);
    if (first === undefined || sent === undefined) return undefined;
    const again = { ...sent.message, id: 1_000_000, digest: 'of a second request' };
    const said = after(history, sent, { ...sent, message: again });
    return after(said, first, { ...first, message: { ...again, from: first.message.from } });
  },
};

function sentOf({ entries }: History, { message }: Received): Sent | undefined {
  const isIt = (entry: Entry): entry is Sent =>
    entry.t === 'sent' && entry.on === message.from && entry.message.id === message.id;
  return entries.find(isIt);
}

function messagesOf({ entries }: History): Received[] {
  return entries.filter((entry) => entry.t === 'received' && entry.message.kind !== 'hello') as Received[];
}

function hellosOf({ entries }: History): Received[] {
  return entries.filter((entry) => entry.t === 'received' && entry.message.kind === 'hello') as Received[];
}

/** Whether the session on whose connection something is told goes on to the end. */
function openAtEnd(history: History): (entry: Received) => boolean {
  const all = connectionsOf(history);
  const isOpen = (on = ''): boolean => all.has(on) && all.get(on)?.closed === undefined;
  return ({ on }) => isOpen(on) && isOpen(all.get(on)?.partner);
}

function pick<T>(from: readonly T[], at: number): T | undefined {
  return from[at % Math.max(1, from.length)];
}

function without(history: History, one: Entry): History {
  return { ...history, entries: history.entries.filter((entry) => entry !== one) };
}

function replaced(history: History, one: Entry, by: Entry): History {
  return { ...history, entries: history.entries.map((entry) => (entry === one ? by : entry)) };
}

function after(history: History, one: Entry, next: Entry): History {
  return { ...history, entries: history.entries.flatMap((entry) => (entry === one ? [entry, next] : [entry])) };
}

function withHelloAfter(history: History, hello: Received, next: Received): History {
  return after(without(history, hello), next, { ...hello, at: next.at });
}
