import type { PresentCounts } from './load.js';
import type { Present } from './present.js';
import type { SessionStatistics } from './statistics.js';
import { type PeerView, peerView, type SessionView, sessionView } from './view.js';

/** Reads one session anew at each call, also after its end. A holder must not keep the function, because it keeps the session. */
export type SessionLook = () => SessionView;

/** What changes in a session without an event: what a list is sorted and filtered by. */
export interface SessionFigures {
  /** Requests without a response yet. */
  readonly inFlight: number;
  /** Requests that failed; see InvocationStatistics. */
  readonly errors: number;
  /** The time that 99 of 100 recent requests were answered within, milliseconds; 0 when none was answered. */
  readonly latency: number;
  /** Bytes that wait for both peers. */
  readonly backlog: number;
}

/** Those of a session that has just ended. */
export const NO_FIGURES: SessionFigures = { inFlight: 0, errors: 0, latency: 0, backlog: 0 };

/** The present of the core in values: everything that the control API and the page know of it. A view is made when it is read. */
export class Overview {
  readonly #present: Present;
  readonly #statistics: SessionStatistics;

  constructor(present: Present, statistics: SessionStatistics) {
    this.#present = present;
    this.#statistics = statistics;
  }

  get counts(): PresentCounts {
    return this.#present.counts;
  }

  /** Invocations of all sessions that have no response yet. */
  get inFlight(): number {
    let sum = 0;
    for (const session of this.#present.sessions.values()) sum += this.#statistics.of(session).inFlight;
    return sum;
  }

  /** The time when the first certificate of a connected client ends, seconds since the epoch; undefined while none is connected. */
  get firstExpiry(): number | undefined {
    let first: number | undefined;
    for (const { admission } of this.#present.peers) {
      const { notAfter } = admission.identity;
      if (first === undefined || notAfter < first) first = notAfter;
    }
    return first;
  }

  /** The connection with this uid. */
  peer(uid: string): PeerView | undefined {
    const peer = this.#present.peer(uid);
    return peer === undefined ? undefined : peerView(peer);
  }

  /** A look at the live session with this uid. */
  session(uid: string): SessionLook | undefined {
    const session = this.#present.session(uid);
    return session === undefined ? undefined : () => sessionView(session, this.#statistics);
  }

  /** The figures of the live session with this uid; undefined when there is none. No view is made. */
  figures(uid: string): SessionFigures | undefined {
    const session = this.#present.session(uid);
    if (session === undefined) return undefined;
    const { inFlight, errors, latencyP99 } = this.#statistics.of(session);
    const backlog = session.peers.reduce((sum, peer) => sum + peer.socket.backlog, 0);
    return { inFlight, errors, latency: latencyP99, backlog };
  }

  /** A page of the live sessions, newest first: `count` of them after the `skipped` newest. */
  newest(skipped: number, count: number): readonly SessionView[] {
    const sessions = [...this.#present.sessions.values()].reverse();
    return sessions.slice(skipped, skipped + count).map((session) => sessionView(session, this.#statistics));
  }

  /** The live sessions, oldest first. */
  *sessions(): Generator<SessionView> {
    for (const session of this.#present.sessions.values()) yield sessionView(session, this.#statistics);
  }
}
