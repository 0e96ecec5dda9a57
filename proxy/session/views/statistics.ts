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
}

/** The statistics of a session without a request. */
export const NO_INVOCATIONS: InvocationStatistics = {
  inFlight: 0,
  completed: 0,
  errors: 0,
  answered: 0,
  latencyTotal: 0,
  latencyMax: 0,
};

/** Counts the invocations of each session. */
export interface SessionStatistics {
  /** The statistics of a session that lives or has just ended; NO_INVOCATIONS if it relayed no request. */
  of(session: RelayedSession): InvocationStatistics;
}
