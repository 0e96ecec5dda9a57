import type { EndingLabel } from './close.js';

interface OutcomeRow {
  /** One sentence for documents: when this outcome happens. */
  readonly meaning: string;
  /** Whether the duration is counted: false where nothing was waited for. */
  readonly timed: boolean;
  /** Whether the span and the metric carry the outcome as `error.type`; http_error carries the status instead. */
  readonly error: boolean;
}

/**
 * The one list of ways in which an invocation, a REST:REQUEST and its REST:RESPONSE, can end. Spans, metrics, logs and documents use
 * the same word.
 */
export const outcomes = {
  ok: { timed: true, error: false, meaning: 'The response came, with a status below 400.' },
  http_error: { timed: true, error: false, meaning: 'The response came, with a status of 400 or above or with none.' },
  one_way: {
    timed: false,
    error: false,
    meaning: 'The request says that it needs no response, or has no messageId to answer to; it was passed on.',
  },
  timeout: {
    timed: true,
    error: true,
    meaning: 'No response came in the time that the proxy remembers an invocation for.',
  },
  peer_disconnected: { timed: true, error: true, meaning: 'The session ended before the response had left.' },
  kicked: { timed: true, error: true, meaning: 'An operator ended the session before the response had left.' },
  drained: {
    timed: true,
    error: true,
    meaning: 'The replica drained and closed the session before the response had left.',
  },
  orphan_response: {
    timed: false,
    error: true,
    meaning: 'A response answers no request that is known: it came twice, too late, or its request was not remembered.',
  },
  duplicate_id: {
    timed: false,
    error: true,
    meaning:
      'A request carries the messageId of one that is still unanswered; it was passed on, and the first one keeps the id.',
  },
  table_full: {
    timed: false,
    error: true,
    meaning: 'The table of invocations is full: the request was passed on and its response will count as an orphan.',
  },
} as const satisfies Record<string, OutcomeRow>;

/** The word for one way to end. */
export type Outcome = keyof typeof outcomes;
export const OUTCOMES = Object.keys(outcomes) as readonly Outcome[];

/** The outcome of the invocations that are still open when their session ends. */
export function outcomeOfEnding(label: EndingLabel): Outcome {
  if (label === 'kicked') return 'kicked';
  return label === 'draining' ? 'drained' : 'peer_disconnected';
}

/** The outcome that the status of a response stands for. */
export function outcomeOfStatus(status: number | undefined): Outcome {
  return status !== undefined && status < 400 ? 'ok' : 'http_error';
}

/** The status, if it is a status of HTTP. */
export function httpStatus(status: number | undefined): number | undefined {
  return status !== undefined && status >= 100 && status <= 599 ? status : undefined;
}

/**
 * The one meaning of "failed", in classes: no answer came back (from the peer, or through the proxy), or the peer answered with 5xx or 4xx.
 * A response without a status of HTTP counts as `answered_5xx`, as in spans.
 */
export const FAILURE_CLASSES = ['not_answered', 'answered_5xx', 'answered_4xx'] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** The class of a call's failure; undefined where it did not fail, and for what is no call of its own, such as an orphan response. */
export function failureClassOf(outcome: Outcome, status: number | undefined): FailureClass | undefined {
  if (outcome === 'http_error') return status !== undefined && status < 500 ? 'answered_4xx' : 'answered_5xx';
  return NOT_ANSWERED.has(outcome) ? 'not_answered' : undefined;
}

/** Whether a call counts as an error: it failed, and not by a 4xx, which is the asker's own. Lists, alerts and what is red ask this. */
export function isError(outcome: Outcome, status: number | undefined): boolean {
  const failure = failureClassOf(outcome, status);
  return failure !== undefined && failure !== 'answered_4xx';
}

const NOT_ANSWERED: ReadonlySet<Outcome> = new Set(['timeout', 'peer_disconnected', 'kicked', 'drained']);

/**
 * The `error.type` of a server span for the status of a response: only 5xx is an error, or a missing status (HTTP semantic
 * conventions).
 */
export function errorOfStatus(status: number | undefined): string | undefined {
  if (status === undefined) return '_OTHER';
  return status >= 500 ? String(status) : undefined;
}

/** Methods that labels and span names may carry (RFC 9110 §9, RFC 5789, and QUERY); every other method is `_OTHER`. */
export const METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'HEAD',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'QUERY',
  '_OTHER',
] as const;
export type Method = (typeof METHODS)[number];

/** The method in the form that labels carry. */
export function knownMethod(text: string | undefined): Method {
  const method = METHODS.find((one) => one === text);
  return method ?? '_OTHER';
}
