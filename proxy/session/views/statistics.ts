import type { RelayedSession } from '../life/message-observer.js';

/** REST invocations of one session so far; plain numbers, latencies in milliseconds. */
export interface InvocationStatistics {
  /** Requests without a response yet. */
  readonly inFlight: number;
  /** Requests that ended, however they ended. */
  readonly completed: number;
  /** Completed requests that were not answered, or answered with 5xx or no status of HTTP. */
  readonly errors: number;
  /** Requests that got a response. */
  readonly answered: number;
  /** Sum of the times from request to response, over `answered` requests. */
  readonly latencyTotal: number;
  readonly latencyMax: number;
  /** The time that 99 of 100 requests of the last quarter to half of an hour were answered within; 0 when none was answered. */
  readonly latencyP99: number;
  /** Sums and greatest times in the proxy, and at the peer that was asked, over `answered` requests. */
  readonly proxyTotal: number;
  readonly proxyMax: number;
  readonly peerTotal: number;
  readonly peerMax: number;
}

/** The statistics of a session without a request. */
export const NO_INVOCATIONS: InvocationStatistics = {
  inFlight: 0,
  completed: 0,
  errors: 0,
  answered: 0,
  latencyTotal: 0,
  latencyMax: 0,
  latencyP99: 0,
  proxyTotal: 0,
  proxyMax: 0,
  peerTotal: 0,
  peerMax: 0,
};

/** Counts the invocations of each session. */
export interface SessionStatistics {
  /** The statistics of a session that lives or has just ended; NO_INVOCATIONS if it relayed no request. */
  of(session: RelayedSession): InvocationStatistics;
}
