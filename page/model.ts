import type { Answer, Peer, Point, Service, SessionPage } from './answer.js';
import type { CallList, MeetupHistory, TroubleList } from './answer-past.js';
import { boundsOf, type View } from './view.js';

/** The number of points that are kept; the service remembers as many. */
export const MAX_POINTS = 300;

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

/** Everything that the page knows: the last answer, and what needs more than one. */
export class Model {
  service: Service | undefined;
  sessions: SessionPage = { matching: 0, offset: 0, perPage: 1, items: [] };
  gone: readonly string[] = [];
  calls: CallList = { items: [], fitting: 0, kept: 0, since: null };
  troubles: TroubleList = { items: [], refused: 0, ended: 0, since: null, toldByEdge: null };
  meetup: MeetupHistory | null = null;
  /** The meetup that the last answer is about; empty: none. */
  meetupAsked = '';
  /** Oldest first. */
  points: readonly Point[] = [];
  /** By the peer's id; absent until a peer was seen twice. */
  rates: ReadonlyMap<string, Rates> = new Map();
  #readings: ReadonlyMap<string, Reading> = new Map();
  /** How far the service's clock is before the browser's, milliseconds. */
  #ahead = 0;
  /** The meetup, and what calls were asked for, in the last question; an older question has no answer. */
  #asking = '';
  #askingCalls = '';
  /** What the calls here were asked by, and the mark of their list. */
  #callsAsked = '';
  #callsMark = '';

  /** The query that asks for what the view shows. `now` is the browser's clock. */
  question(view: View, now: number): string {
    const { from, to } = boundsOf(view, now + this.#ahead);
    this.#asking = view.meetup;
    const calls = { calls: view.calls.trim(), failure: view.failure, from: String(from), to: String(to) };
    this.#askingCalls = JSON.stringify(calls);
    return new URLSearchParams({
      service: this.service?.id ?? '',
      points: String(this.points.at(-1)?.sequence ?? 0),
      filter: view.sessions.trim(),
      state: view.state,
      offset: String(view.offset),
      ...calls,
      have: this.#askingCalls === this.#callsAsked ? this.#callsMark : '',
      troubles: view.troubles.trim(),
      kind: view.kind,
      meetup: view.meetup,
    }).toString();
  }

  /** Takes an answer in; points of another process are void. */
  take(answer: Answer, now: number): void {
    const isNew = this.service?.id !== answer.service.id;
    this.points = joined(isNew ? [] : this.points, answer.points);
    this.service = answer.service;
    this.sessions = answer.sessions;
    this.gone = answer.gone;
    this.calls = answer.calls ?? this.calls;
    this.#callsAsked = this.#askingCalls;
    this.#callsMark = answer.callsMark;
    this.troubles = answer.troubles;
    this.meetup = answer.meetup;
    this.meetupAsked = this.#asking;
    this.#ahead = answer.service.now - now;
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

/** An answer that comes twice changes nothing. */
function joined(old: readonly Point[], more: readonly Point[]): readonly Point[] {
  const newest = old.at(-1)?.sequence ?? 0;
  const fresh = more.filter(({ sequence }) => sequence > newest);
  return fresh.length === 0 ? old : [...old, ...fresh].slice(-MAX_POINTS);
}
