import type { CallList, MeetupHistory, TroubleList } from './answer-past.js';

/**
 * The answer of the service to the page: the body of `GET /page/state` and of `GET /page/call`, and the choices in a question. The server builds
 * these values and the page draws them; what happened is in `answer-past.ts`. Times are milliseconds since the epoch, durations milliseconds, sizes bytes.
 */

/** How a call must have ended; `errors`: it failed in any class but `answered_4xx`. The first is as good as no choice, here and below. */
export const FAILURES = ['any', 'errors', 'not_answered', 'answered_5xx', 'answered_4xx'] as const;
/** The state that a session must have. */
export const STATES = ['any', 'waiting', 'paired'] as const;
/** Whether it must be a refusal, or the end of a connection. */
export const KINDS = ['any', 'refused', 'ended'] as const;

/** What was asked, as it is now. */
export interface Answer {
  readonly service: Service;
  readonly sessions: SessionPage;
  /** Meetups whose id fits the filter of sessions, of which something is remembered and where nobody is now. */
  readonly gone: readonly string[];
  /** null where the asker has what it would be, by the mark that it gave. */
  readonly calls: CallList | null;
  /** Differs whenever the list of calls can have changed. Of one process. */
  readonly callsMark: string;
  readonly troubles: TroubleList;
  /** Intervals of the last ten minutes, oldest first; only those that the asker has not. */
  readonly points: readonly Point[];
  /** Of the meetup that was asked for; null where none was, or where nothing is remembered of it. */
  readonly meetup: MeetupHistory | null;
}

/** The replica as a whole. */
export interface Service {
  /** Differs after a restart, when the sequence of points begins again. */
  readonly id: string;
  /** Name of the replica; sessions of other replicas are not on its page. */
  readonly replica: string;
  readonly version: string;
  readonly now: number;
  readonly startedAt: number;
  /** The reason why no new peer is welcome; null while peers are welcome. */
  readonly notReady: string | null;
  readonly drain: Drain;
  /** The files that say who may be here. */
  readonly files: readonly FileState[];
  /** Connections, and the number of them that owe their HELLO. */
  readonly peers: number;
  readonly greeting: number;
  readonly waiting: number;
  readonly paired: number;
  /** Invocations that wait for their response. */
  readonly open: number;
  /** Calls that ended since the start. */
  readonly calls: number;
  /** Whether what happened is remembered: not with `--history-memory 0`. */
  readonly remembers: boolean;
  /** The address that spans are exported to; null without an exporter. */
  readonly spansTo: string | null;
  /** Where a trace is shown, with `{trace_id}` in place of its id; http or https. null without the option. */
  readonly traceLink: string | null;
  /** The commands that a newcomer types next; null without the development files. */
  readonly quickStart: QuickStart | null;
}

export interface Drain {
  readonly state: 'serving' | 'draining' | 'drained';
  readonly since: number | null;
  readonly until: number | null;
}

export interface FileState {
  readonly name: 'policy' | 'revocation list' | 'deny list';
  /** The policy in force, in words. */
  readonly text: string;
  /** The reason why the file as it is now is not in force; null while it is in force. */
  readonly fault: string | null;
}

/** Commands that make a first pair and a first call. */
export interface QuickStart {
  readonly api: string;
  readonly gateway: string;
  readonly bridge: string;
  readonly call: string;
}

/** The sessions that fit the filter, newest first, cut to one page. */
export interface SessionPage {
  /** Sessions that fit, on all pages. */
  readonly matching: number;
  readonly offset: number;
  /** Most that one page holds. */
  readonly perPage: number;
  readonly items: readonly Session[];
}

export interface Session {
  readonly id: string;
  readonly meetupId: string;
  readonly state: 'waiting' | 'paired';
  readonly createdAt: number;
  readonly pairedAt: number | null;
  /** Invocations that wait for their response. */
  readonly open: number;
  /** One or two, in the order of arrival. */
  readonly peers: readonly Peer[];
}

export interface Peer {
  readonly id: string;
  readonly role: string;
  /** Name of the policy rule that let it in. */
  readonly rule: string;
  /** From the verified certificate. */
  readonly subject: string;
  readonly fingerprint: string;
  readonly notAfter: number;
  /** Claims of its HELLO. */
  readonly peerClass: string;
  readonly peerId: string;
  readonly remote: string;
  /** Incarnation of the replica on which it landed, where that is another one; empty where it landed here. */
  readonly via: string;
  readonly since: number;
  /** 0 before the first. */
  readonly lastPongAt: number;
  readonly messagesIn: number;
  readonly bytesIn: number;
  readonly messagesOut: number;
  readonly bytesOut: number;
  /** Bytes that wait for it. */
  readonly backlog: number;
  /** Whether it is not read at the moment, since the other side is behind or its rate is used up. */
  readonly held: boolean;
}

/** The events of one interval. */
export interface Point {
  readonly sequence: number;
  /** End of the interval. */
  readonly at: number;
  /** Length of the interval. */
  readonly ms: number;
  readonly ok: number;
  /** Invocations that were not answered, or answered with 5xx. */
  readonly failed: number;
  /** Those that were answered with 4xx: failed too, but the asker's own, and nothing to be alarmed at. */
  readonly answered4xx: number;
  /** Durations of invocations: bucket, count, bucket, count, …; see `buckets.ts`. */
  readonly total: readonly number[];
  /** The time of the same invocations within the proxy. */
  readonly proxy: readonly number[];
  /** Relayed. */
  readonly messages: number;
  readonly bytes: number;
}
