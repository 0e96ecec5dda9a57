import type { Body } from './body.js';
import type { CallIds } from './bridge-answer.js';
import type { BodyProblem } from './http-body.js';
import type { FailureReason, RequestFailure } from './request-failure.js';
import { errorBody } from './rest.js';

/** An answer of the bridge's own: a status, a reason for programs and a sentence for people. */
export interface BridgeRefusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  /** Seconds for `Retry-After`. */
  readonly retryAfter?: number;
  /** The label under which the proxy refused this bridge, where it did. */
  readonly label?: string;
}

/** The HTTP form of a request that got no response from the other peer. */
export function ofFailure({ reason, message }: RequestFailure): BridgeRefusal {
  return { status: statuses[reason], reason, message, ...(PASSING.has(reason) ? { retryAfter: 1 } : {}) };
}

/** Nothing was carried out, and soon it may be. */
const PASSING: ReadonlySet<FailureReason> = new Set(['too_many', 'not_taken', 'moved']);

const statuses: Readonly<Record<FailureReason, number>> = {
  not_paired: 502,
  too_many: 503,
  too_big: 413,
  congested: 503,
  not_taken: 503,
  moved: 503,
  timeout: 504,
  disconnected: 502,
  aborted: 499,
  bad_response: 502,
};

/** The HTTP form of a body that cannot be read. `limit` in bytes. */
export function ofBody(problem: BodyProblem | 'late', limit: number): BridgeRefusal {
  switch (problem) {
    case 'too_big':
      return { status: 413, reason: 'too_big', message: `the body has over ${limit} bytes, the most that it may have` };
    case 'unknown_transfer':
      return { status: 501, reason: 'unknown_transfer', message: 'Transfer-Encoding must be chunked' };
    case 'late':
      return { status: 408, reason: 'body_late', message: 'the body did not come in time' };
    case 'broken_off':
      return { status: 400, reason: 'broken_off', message: 'the body broke off' };
  }
}

export function refusalBody({ reason, message, label }: BridgeRefusal, { traceId, session }: CallIds): Body {
  const more = { ...(label === undefined ? {} : { label }), ...(session === undefined ? {} : { session }) };
  return errorBody(reason, message, { traceId, ...more });
}
