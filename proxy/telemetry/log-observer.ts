import type { Peer } from '../session/peer.js';
import type { Clock, Observer, RefusedUpgrade } from '../session/ports.js';
import type { Session } from '../session/session.js';
import type { Ending } from '../wire/close.js';
import { clean } from '../wire/safe-text.js';
import { parseTraceparent } from '../wire/trace-context.js';
import { peerTime, proxyTime } from './invocation-counts.js';
import type { FinishedInvocation } from './invocation-spans.js';
import type { InvocationReader } from './journal.js';
import type { Logger } from './logger.js';

/** One line for each thing that happens to a connection or a session, with the words of the close table. */
export class LogObserver implements Observer {
  readonly #log: Logger;
  readonly #clock: Clock;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  refused({ refusal, detail, target, identity, remote, requestId }: RefusedUpgrade): void {
    const who = { subject: clean(identity?.subject ?? ''), remote: clean(remote), request_id: clean(requestId) };
    const why = { reason: refusal.label, status: refusal.status, detail: clean(detail) };
    this.#log.warn({ ...why, target: clean(target), ...who }, 'refused');
  }

  admitted(peer: Peer): void {
    const { rule, wouldDeny, remote, requestId, identity } = peer.admission;
    const who = { subject: clean(identity.subject), fingerprint: identity.fingerprint, serial: identity.serial };
    const line = { ...whose(peer), ...who, rule, remote: clean(remote), request_id: clean(requestId) };
    if (wouldDeny === undefined) this.#log.info(line, 'admitted');
    else this.#log.warn({ ...line, would_deny: clean(wouldDeny) }, 'admitted, as the policy only audits');
  }

  seated(peer: Peer, session: Session): void {
    const claims = { peer_class: clean(peer.hello?.peerClass ?? ''), peer_id: clean(peer.hello?.peerId ?? '') };
    this.#log.debug({ ...whose(peer), ...claims, session: session.uid, state: session.state.t }, 'seated');
  }

  paired(session: Session): void {
    const waited = session.state.t === 'paired' ? session.state.pairedAt - session.createdAt : 0;
    const [first, second] = session.peers.map((peer) => clean(peer.hello?.peerId ?? ''));
    this.#log.info(
      { meetup: clean(session.meetupId), session: session.uid, first, second, waited_ms: waited },
      'paired',
    );
  }

  ended(peer: Peer, { label, code, text }: Ending): void {
    const { messagesIn, bytesIn, messagesOut, bytesOut } = peer.counters;
    const moved = { messages_in: messagesIn, bytes_in: bytesIn, messages_out: messagesOut, bytes_out: bytesOut };
    const lasted = { duration_ms: this.#clock.now() - peer.admittedAt };
    const why = { ending: label, code, reason: clean(text) };
    this.#log.info({ ...whose(peer), session: peer.session?.uid ?? '', ...why, ...lasted, ...moved }, 'ended');
  }

  finished(session: Session, { label }: Ending): void {
    const { state } = session;
    const pairedAt = state.t === 'finished' ? state.pairedAt : undefined;
    const paired_ms = pairedAt === undefined ? 0 : this.#clock.now() - pairedAt;
    this.#log.info(
      { meetup: clean(session.meetupId), session: session.uid, ending: label, paired_ms },
      'session ended',
    );
  }
}

/** Whose line it is, and the edge’s span of the connection. */
function whose(peer: Peer): Record<string, string> {
  const { meetupId, role, traceparent } = peer.admission;
  const context = parseTraceparent(traceparent);
  const line = { meetup: clean(meetupId), peer: peer.uid, role };
  return context === undefined ? line : { ...line, trace_id: context.traceId, span_id: context.spanId };
}

/** A line for each finished invocation, at level debug: joins the log with the traces. */
export class LogInvocations implements InvocationReader {
  /** Kept by the change of the level, since it is asked for with every message. */
  wanted: boolean;
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
    this.wanted = log.isLevelEnabled('debug');
    log.on('level-change', () => {
      this.wanted = log.isLevelEnabled('debug');
    });
  }

  finished({ invocation: one, detail, outcome, ending, endedAt }: FinishedInvocation): void {
    const what = {
      method: clean(detail.methodText ?? one.method),
      path: clean(detail.path),
      status: one.status,
      outcome,
      ending,
    };
    const times = { proxy_ms: rounded(proxyTime(one, endedAt)), peer_ms: rounded(peerTime(one, endedAt)) };
    const sizes = { request_bytes: one.requestBytes, response_bytes: one.responseBytes };
    const ids = { session: one.calls.session.uid, message_id: clean(String(one.id ?? '')) };
    this.#log.debug(
      { ...what, ...times, ...sizes, ...ids, trace_id: detail.own.traceId, span_id: detail.own.spanId },
      'invocation',
    );
  }
}

/** To the microsecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
