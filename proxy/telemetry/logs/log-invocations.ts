import { failureClassOf, isError, type Outcome } from '../../wire/invocation.js';
import { clean } from '../../wire/safe-text.js';
import { peerTime, proxyTime } from '../calls/invocation-counts.js';
import type { FinishedInvocation } from '../calls/invocation-spans.js';
import type { Invocation } from '../calls/invocation-table.js';
import type { InvocationReader, LateReader } from '../calls/journal.js';
import type { FailureLines } from './failure-lines.js';
import type { Logger } from './logger.js';
import type { MeetupLevels } from './meetup-levels.js';

/**
 * Writes a line for an invocation with its meetup and the ids that join the log with the traces: at level info for one that was not
 * answered, or answered with 5xx, as far as their bound lets it; at level debug for every other, those answered with 4xx among them.
 */
export class LogInvocations implements LateReader {
  /** Makes the details of each call be kept from its request on while the whole log is at debug: the head of a request may be written over. */
  readonly details: InvocationReader;
  readonly #levels: MeetupLevels;
  readonly #failures: FailureLines;

  /** @param log the service's own, which also has the level of all meetups without one of their own */
  constructor(log: Logger, levels: MeetupLevels, failures: FailureLines) {
    this.#levels = levels;
    this.#failures = failures;
    // Set when the level changes, since every message reads it.
    const details = { wanted: log.isLevelEnabled('debug'), finished: () => {} };
    log.on('level-change', () => {
      details.wanted = log.isLevelEnabled('debug');
    });
    this.details = details;
  }

  wants(one: Invocation, outcome: Outcome): boolean {
    const { meetupId } = one.calls.session;
    const log = this.#levels.of(meetupId);
    if (log.isLevelEnabled('debug')) return true;
    return isError(outcome, one.status) && log.isLevelEnabled('info') && this.#failures.take(meetupId);
  }

  finished({ invocation: one, detail, outcome, ending, endedAt }: FinishedInvocation): void {
    const { uid: session, meetupId } = one.calls.session;
    const line: Record<string, string | number | undefined> = {
      meetup: clean(meetupId),
      method: clean(detail.methodText ?? one.method),
      path: clean(detail.path),
      status: one.status,
      outcome,
      failure: failureClassOf(outcome, one.status),
      ending,
      proxy_ms: rounded(proxyTime(one, endedAt)),
      peer_ms: rounded(peerTime(one, endedAt)),
      request_bytes: one.requestBytes,
      response_bytes: one.responseBytes,
      session,
      asked: one.responder.admission.role,
      message_id: clean(String(one.id ?? '')),
      trace_id: detail.own.traceId,
      span_id: detail.own.spanId,
    };
    if (detail.claimed !== undefined) line['claimed_trace_id'] = detail.claimed.traceId;
    const level = isError(outcome, one.status) ? 'info' : 'debug';
    this.#levels.of(meetupId)[level](line, 'invocation');
  }
}

/** Rounds milliseconds to the microsecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
