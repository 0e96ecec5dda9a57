import type { InvocationStatistics } from '../../session/views/statistics.js';
import { isError, type Outcome } from '../../wire/invocation.js';

/** Running counts of one session's requests by their outcome. */
export type CallStatistics = { -readonly [figure in Exclude<keyof InvocationStatistics, 'inFlight'>]: number };

export const NO_CALLS: Readonly<CallStatistics> = {
  completed: 0,
  errors: 0,
  answered: 0,
  latencyTotal: 0,
  latencyMax: 0,
};

/** Adds a request that ended; `latency` is the time to its response in milliseconds, undefined where no response came. */
export function summarize(
  statistics: CallStatistics,
  outcome: Outcome,
  status: number | undefined,
  latency: number | undefined,
): void {
  statistics.completed += 1;
  if (isError(outcome, status)) statistics.errors += 1;
  if (latency === undefined) return;
  statistics.answered += 1;
  statistics.latencyTotal += latency;
  statistics.latencyMax = Math.max(statistics.latencyMax, latency);
}
