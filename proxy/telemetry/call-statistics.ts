import type { Session } from '../session/session.js';
import { errorOfStatus, type Outcome, outcomes } from '../wire/invocation.js';

/** What became of one session’s requests so far; latencies in milliseconds. */
export interface CallStatistics {
  /** Requests that ended, however they ended. */
  completed: number;
  /** Those of them that ended with an error of the list of outcomes, or with a status of 500 or above, or with none. */
  errors: number;
  /** Requests that got a response, and the times from request to response: their sum and the longest. */
  answered: number;
  latencyTotal: number;
  latencyMax: number;
}

export const NO_CALLS: Readonly<CallStatistics> = {
  completed: 0,
  errors: 0,
  answered: 0,
  latencyTotal: 0,
  latencyMax: 0,
};

/** Who knows of a session's invocations. */
export interface CallSource {
  /** Invocations of a session that have not finished; what a drain waits for. */
  inFlight(session: Session): number;
  /** What became of a session’s requests so far, also when it has just ended; zeros for one that relayed none. */
  of(session: Session): Readonly<CallStatistics> & { readonly inFlight: number };
}

/** Adds a request that ended; `latency` is that of its response, in milliseconds, where one came. */
export function summarize(
  statistics: CallStatistics,
  outcome: Outcome,
  status: number | undefined,
  latency: number | undefined,
): void {
  statistics.completed += 1;
  if (outcomes[outcome].error) statistics.errors += 1;
  if (latency === undefined) return;
  if (!outcomes[outcome].error && errorOfStatus(status) !== undefined) statistics.errors += 1;
  statistics.answered += 1;
  statistics.latencyTotal += latency;
  statistics.latencyMax = Math.max(statistics.latencyMax, latency);
}
