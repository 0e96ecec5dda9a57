import type { InvocationStatistics } from '../../session/views/statistics.js';
import { isError, type Outcome } from '../../wire/invocation.js';
import type { SessionCalls } from './invocation-table.js';

/** Running counts of one session's requests by their outcome. */
export type CallStatistics = {
  -readonly [figure in
    | 'completed'
    | 'errors'
    | 'answered'
    | 'latencyTotal'
    | 'latencyMax']: InvocationStatistics[figure];
};

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

/** The statistics of one session at `now`, steady-clock milliseconds. */
export function statisticsOf(
  { statistics, latency, open }: Pick<SessionCalls, 'statistics' | 'latency' | 'open'>,
  now: number,
): InvocationStatistics {
  return {
    inFlight: open,
    completed: statistics.completed,
    errors: statistics.errors,
    answered: statistics.answered,
    latencyTotal: statistics.latencyTotal,
    latencyMax: statistics.latencyMax,
    latencyP99: latency?.p99(statistics.latencyMax, now) ?? 0,
    proxyTotal: latency?.proxyTotal ?? 0,
    proxyMax: latency?.proxyMost ?? 0,
    peerTotal: latency?.peerTotal ?? 0,
    peerMax: latency?.peerMost ?? 0,
  };
}
