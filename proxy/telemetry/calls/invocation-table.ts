import type { RelayedPeer, RelayedSession } from '../../session/life/message-observer.js';
import type { Method } from '../../wire/invocation.js';
import type { MessageId } from '../../wire/message-id.js';
import type { TraceContext } from '../../wire/trace-context.js';
import { type CallStatistics, NO_CALLS } from './call-statistics.js';
import type { CallTotals } from './call-totals.js';
import type { FailingClass } from './failing-sessions.js';
import { NO_HEAD } from './request-heads.js';
import type { SessionLatency } from './session-latency.js';
import { SpanBases } from './span-base.js';

/** Members of a request that are kept only for a reader: a recorded span, the memory of what happened, or a debug log. */
export interface InvocationDetail {
  /** The span of this invocation. */
  readonly own: TraceContext;
  /** The span in the request's own traceparent, where the peer's traceparent is trusted. */
  readonly parent: TraceContext | undefined;
  /** The span in the request's own traceparent, where it is not trusted: our span starts a new trace and links to it. */
  readonly claimed: TraceContext | undefined;
  /** Span id of the CLIENT child, where such children are made. */
  readonly client: string | undefined;
  /** The method as the peer wrote it, where it is not a known method. */
  readonly methodText: string | undefined;
  readonly path: string;
  readonly query: string;
}

/** The open invocations of one session, in its two directions. */
export class SessionCalls {
  readonly session: RelayedSession;
  readonly first: RelayedPeer;
  readonly second: RelayedPeer;
  /** Requests of the first peer, and of the second, that wait for their response; by their messageId. */
  readonly forth = new Map<MessageId, Invocation>();
  readonly back = new Map<MessageId, Invocation>();
  /** Invocations of both directions that have not finished. */
  open = 0;
  readonly statistics: CallStatistics = { ...NO_CALLS };
  /** Made with the first answer. */
  latency: SessionLatency | undefined;
  /** The sums of the meetup, beyond this session; set by the memory of what happened, where there is one. */
  totals: CallTotals | undefined;
  /** Calls that failed since the last that did not, and the class by which the session counts as failing; see failing-sessions.ts. */
  failedInRow = 0;
  failing: FailingClass | undefined;
  #forthBases: SpanBases | undefined;
  #backBases: SpanBases | undefined;

  constructor(session: RelayedSession, first: RelayedPeer, second: RelayedPeer) {
    this.session = session;
    this.first = first;
    this.second = second;
  }

  /** The parts that the spans of that peer's requests and events share. */
  basesOf(requester: RelayedPeer): SpanBases {
    const { session, first, second } = this;
    if (requester === first) {
      this.#forthBases ??= new SpanBases(session, first, second);
      return this.#forthBases;
    }
    this.#backBases ??= new SpanBases(session, second, first);
    return this.#backBases;
  }
}

/** The two directions of a session that is paired. */
export function callsOf(session: RelayedSession): SessionCalls {
  const [first, second = first] = session.peers;
  return new SessionCalls(session, first, second);
}

/** Stands in place of a time for an event that has not happened. */
export const NOT_YET = -1;

/** One REST:REQUEST and its course. Times are of the steady clock, in milliseconds. */
export class Invocation {
  readonly calls: SessionCalls;
  readonly requester: RelayedPeer;
  readonly id: MessageId | undefined;
  readonly method: Method;
  readonly route: string | undefined;
  readonly requestBytes: number;
  /** Known from the request on where a reader wants every call; made at the end, from the request's head, where one wants this call. */
  detail: InvocationDetail | undefined;
  /** Where the beginning of the request is kept. */
  head = NO_HEAD;
  /** Time at which the request arrived. */
  readonly started: number;
  /** Time at which the request left for the responder; `NOT_YET` before. */
  forwarded = NOT_YET;
  /** Time at which the response arrived; `NOT_YET` before. */
  responded = NOT_YET;
  status: number | undefined;
  responseBytes = 0;
  finished = false;
  /** The peer to which a message of this invocation is leaving, and the peer's `bytesOut` at which the message has left. */
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

  /** The table of open invocations in the same direction. */
  get table(): Map<MessageId, Invocation> {
    return this.requester === this.calls.first ? this.calls.forth : this.calls.back;
  }

  get responder(): RelayedPeer {
    return this.requester === this.calls.first ? this.calls.second : this.calls.first;
  }
}

/** Every open invocation in the order of arrival, which is the order of the deadlines: the overdue ones come first. */
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

  /** Takes out an invocation that was added. */
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
