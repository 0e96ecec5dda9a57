import type { Answer, Ending, Invocation, Peer, Point, Refusal, Service, SessionPage } from './answer.js';

/** The number of items that are kept of each kind; the service remembers as many. */
export const MAX_INVOCATIONS = 300;
export const MAX_TROUBLES = 100;
export const MAX_POINTS = 300;

/** The viewer's choice of sessions. */
export interface SessionChoice {
  filter: string;
  state: 'any' | 'waiting' | 'paired';
  offset: number;
}

/** The rates at which a peer sends, per second. */
export interface Rates {
  readonly messages: number;
  readonly bytes: number;
}

interface Reading {
  readonly at: number;
  readonly messages: number;
  readonly bytes: number;
}

/** Everything that the page knows: the answers so far, put together. All lists are oldest first. */
export class Model {
  readonly choice: SessionChoice = { filter: '', state: 'any', offset: 0 };
  service: Service | undefined;
  sessions: SessionPage = { matching: 0, offset: 0, perPage: 1, items: [] };
  invocations: readonly Invocation[] = [];
  refusals: readonly Refusal[] = [];
  endings: readonly Ending[] = [];
  points: readonly Point[] = [];
  /** By the peer's id; absent until a peer was seen twice. */
  rates: ReadonlyMap<string, Rates> = new Map();
  #readings: ReadonlyMap<string, Reading> = new Map();

  /** The query that asks for what is new. */
  question(): string {
    const { filter, state, offset } = this.choice;
    return new URLSearchParams({
      service: this.service?.id ?? '',
      invocations: last(this.invocations),
      refusals: last(this.refusals),
      endings: last(this.endings),
      points: last(this.points),
      filter,
      state,
      offset: String(offset),
    }).toString();
  }

  /** Takes an answer in; an answer of another process makes everything before it void. */
  take(answer: Answer): void {
    const isNew = this.service?.id !== answer.service.id;
    const added = <T extends { readonly sequence: number }>(
      old: readonly T[],
      more: readonly T[],
      most: number,
    ): readonly T[] => (isNew ? more.slice(-most) : joined(old, more, most));
    this.invocations = added(this.invocations, answer.invocations, MAX_INVOCATIONS);
    this.refusals = added(this.refusals, answer.refusals, MAX_TROUBLES);
    this.endings = added(this.endings, answer.endings, MAX_TROUBLES);
    this.points = added(this.points, answer.points, MAX_POINTS);
    this.service = answer.service;
    this.sessions = answer.sessions;
    this.choice.offset = answer.sessions.offset;
    this.#measure(
      answer.service.now,
      answer.sessions.items.flatMap(({ peers }) => peers),
    );
  }

  #measure(at: number, peers: readonly Peer[]): void {
    const rates = new Map<string, Rates>();
    const readings = new Map<string, Reading>();
    for (const { id, messagesIn: messages, bytesIn: bytes } of peers) {
      const before = this.#readings.get(id);
      readings.set(id, { at, messages, bytes });
      if (before === undefined || before.at >= at) continue;
      const seconds = (at - before.at) / 1000;
      rates.set(id, { messages: (messages - before.messages) / seconds, bytes: (bytes - before.bytes) / seconds });
    }
    this.rates = rates;
    this.#readings = readings;
  }
}

function last(items: readonly { readonly sequence: number }[]): string {
  return String(items.at(-1)?.sequence ?? 0);
}

/** An answer that comes twice changes nothing. */
function joined<T extends { readonly sequence: number }>(
  old: readonly T[],
  more: readonly T[],
  most: number,
): readonly T[] {
  const newest = old.at(-1)?.sequence ?? 0;
  const fresh = more.filter(({ sequence }) => sequence > newest);
  return fresh.length === 0 ? old : [...old, ...fresh].slice(-most);
}
