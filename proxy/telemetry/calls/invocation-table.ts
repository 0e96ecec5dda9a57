import type { RelayedPeer, RelayedSession } from '../../session/life/ports.js';
import type { Method } from '../../wire/invocation.js';
import type { MessageId } from '../../wire/message-id.js';
import type { TraceContext } from '../../wire/trace-context.js';
import { type CallStatistics, NO_CALLS } from './call-statistics.js';
import { SessionParts } from './session-part.js';

/** What is kept of a request only when someone will see it: a recorded span, the page, or a debug log. */
export interface Detail {
  /** The span of this invocation. */
  readonly own: TraceContext;
  /** The span in the request’s own traceparent, where that is trusted. */
  readonly parent: TraceContext | undefined;
  /** The same where it is not: the span starts a trace of its own and links to it. */
  readonly claimed: TraceContext | undefined;
  /** Span id of the CLIENT child, where those are made. */
  readonly client: string | undefined;
  /** The method as the peer wrote it, where it is none of the known ones. */
  readonly methodText: string | undefined;
  readonly path: string;
  readonly query: string;
}

/** One session’s two directions. */
export class Calls {
  readonly session: RelayedSession;
  readonly first: RelayedPeer;
  readonly second: RelayedPeer;
  /** Requests of the first peer, and of the second, that wait for their response; by their messageId. */
  readonly forth = new Map<MessageId, Invocation>();
  readonly back = new Map<MessageId, Invocation>();
  /** Invocations of both directions that have not finished. */
  open = 0;
  readonly statistics: CallStatistics = { ...NO_CALLS };
  #forthParts: SessionParts | undefined;
  #backParts: SessionParts | undefined;

  constructor(session: RelayedSession, first: RelayedPeer, second: RelayedPeer) {
    this.session = session;
    this.first = first;
    this.second = second;
  }

  /** What the spans of that peer’s requests and events have in common. */
  partsOf(requester: RelayedPeer): SessionParts {
    const { session, first, second } = this;
    if (requester === first) {
      this.#forthParts ??= new SessionParts(session, first, second);
      return this.#forthParts;
    }
    this.#backParts ??= new SessionParts(session, second, first);
    return this.#backParts;
  }
}

/** The two directions of a session that is paired. */
export function callsOf(session: RelayedSession): Calls {
  const [first, second = first] = session.peers;
  return new Calls(session, first, second);
}

/** In place of a time: it has not happened. */
export const NOT_YET = -1;

/** One REST:REQUEST and what became of it. Times are of the steady clock, in milliseconds. */
export class Invocation {
  readonly calls: Calls;
  readonly requester: RelayedPeer;
  readonly id: MessageId | undefined;
  readonly method: Method;
  readonly route: string | undefined;
  readonly requestBytes: number;
  readonly detail: Detail | undefined;
  /** The request arrived. */
  readonly started: number;
  /** The request left for the responder’s connection. */
  forwarded = NOT_YET;
  /** The response arrived. */
  responded = NOT_YET;
  status: number | undefined;
  responseBytes = 0;
  finished = false;
  /** Whose connection a message of this invocation is leaving by, and what that connection has taken once it left. */
  leavingBy: RelayedPeer | undefined;
  leftAt = 0;
  /** Neighbours in the order of arrival. */
  older: Invocation | undefined;
  newer: Invocation | undefined;

  constructor(
    given: Pick<Invocation, 'calls' | 'requester' | 'id' | 'method' | 'route' | 'requestBytes' | 'detail' | 'started'>,
  ) {
    this.calls = given.calls;
    this.requester = given.requester;
    this.id = given.id;
    this.method = given.method;
    this.route = given.route;
    this.requestBytes = given.requestBytes;
    this.detail = given.detail;
    this.started = given.started;
  }

  /** The table of the direction that it belongs to. */
  get table(): Map<MessageId, Invocation> {
    return this.requester === this.calls.first ? this.calls.forth : this.calls.back;
  }

  get responder(): RelayedPeer {
    return this.requester === this.calls.first ? this.calls.second : this.calls.first;
  }
}

/** Every open invocation in the order of arrival, which is that of its deadline: one look at the oldest finds the overdue. */
export class OpenInvocations {
  size = 0;
  #oldest: Invocation | undefined;
  #newest: Invocation | undefined;

  get oldest(): Invocation | undefined {
    return this.#oldest;
  }

  add(one: Invocation): void {
    one.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = one;
    else this.#newest.newer = one;
    this.#newest = one;
    this.size += 1;
  }

  /** Takes out one that was added. */
  remove(one: Invocation): void {
    if (one.older === undefined) this.#oldest = one.newer;
    else one.older.newer = one.newer;
    if (one.newer === undefined) this.#newest = one.older;
    else one.newer.older = one.older;
    one.older = undefined;
    one.newer = undefined;
    this.size -= 1;
  }
}
