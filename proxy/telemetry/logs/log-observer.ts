import type { Clock } from '../../ports/clock.js';
import type { RefusedUpgrade } from '../../session/life/refused-upgrade.js';
import type { EventReader } from '../../session/views/events.js';
import type { PeerView, SessionView } from '../../session/views/view.js';
import type { Ending } from '../../wire/close.js';
import { clean } from '../../wire/safe-text.js';
import { parseTraceparent } from '../../wire/trace-context.js';
import { peerTime, proxyTime } from '../calls/invocation-counts.js';
import type { FinishedInvocation } from '../calls/invocation-spans.js';
import type { InvocationReader } from '../calls/journal.js';
import type { Logger } from './logger.js';

/** Writes one line for each event of a connection or a session, with the words of the close table. */
export class LogObserver implements EventReader {
  readonly #log: Logger;
  readonly #clock: Clock;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  refused({ refusal, detail, target, identity, remote, requestId, via = '' }: RefusedUpgrade): void {
    const from = { remote: clean(remote), request_id: clean(requestId), ...handedOnBy(via) };
    const who = { subject: clean(identity?.subject ?? ''), ...from };
    const why = { reason: refusal.label, status: refusal.status, detail: clean(detail) };
    this.#log.warn({ ...why, target: clean(target), ...who }, 'refused');
  }

  admitted(peer: PeerView): void {
    const { rule, wouldDeny, remote, requestId, via, identity } = peer;
    const who = { subject: clean(identity.subject), fingerprint: identity.fingerprint, serial: identity.serial };
    const from = { remote: clean(remote), request_id: clean(requestId), ...handedOnBy(via) };
    const line = { ...whose(peer), ...who, rule, ...from };
    if (wouldDeny === undefined) this.#log.info(line, 'admitted');
    else this.#log.warn({ ...line, would_deny: clean(wouldDeny) }, 'admitted, as the policy only audits');
  }

  seated(peer: PeerView, { uid, state }: SessionView): void {
    const claims = { peer_class: clean(peer.peerClass), peer_id: clean(peer.peerId) };
    this.#log.debug({ ...whose(peer), ...claims, session: uid, state }, 'seated');
  }

  paired({ uid: session, meetupId, createdAt, pairedAt = createdAt, peers }: SessionView): void {
    const [first, second] = peers.map(({ peerId }) => clean(peerId));
    this.#log.info({ meetup: clean(meetupId), session, first, second, waited_ms: pairedAt - createdAt }, 'paired');
  }

  ended(peer: PeerView, { label, code, text }: Ending): void {
    const { messagesIn, bytesIn, messagesOut, bytesOut } = peer.counters;
    const moved = { messages_in: messagesIn, bytes_in: bytesIn, messages_out: messagesOut, bytes_out: bytesOut };
    const lasted = { duration_ms: this.#clock.now() - peer.connectedAt };
    const why = { ending: label, code, reason: clean(text) };
    this.#log.info({ ...whose(peer), session: peer.sessionUid, ...why, ...lasted, ...moved }, 'ended');
  }

  finished({ uid: session, meetupId, pairedAt }: SessionView, { label }: Ending): void {
    const paired_ms = pairedAt === undefined ? 0 : this.#clock.now() - pairedAt;
    this.#log.info({ meetup: clean(meetupId), session, ending: label, paired_ms }, 'session ended');
  }
}

/** The peer of a line, and the edge's span of its connection. */
function whose({ uid, meetupId, role, traceparent }: PeerView): Record<string, string> {
  const context = parseTraceparent(traceparent);
  const line = { meetup: clean(meetupId), peer: uid, role };
  return context === undefined ? line : { ...line, trace_id: context.traceId, span_id: context.spanId };
}

/** The replica on which the client landed, where that is another one. */
function handedOnBy(via: string): { readonly via?: string } {
  return via === '' ? {} : { via: clean(via) };
}

/** Writes a line for each finished invocation at level debug, with the ids that join the log with the traces. */
export class LogInvocations implements InvocationReader {
  /** Set when the level changes, since every message reads it. */
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

/** Rounds milliseconds to the microsecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
