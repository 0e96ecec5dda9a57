import type { Clock } from '../../ports/clock.js';
import type { RefusedUpgrade } from '../../session/life/refused-upgrade.js';
import type { EventReader } from '../../session/views/events.js';
import type { PeerView, SessionView } from '../../session/views/view.js';
import type { Ending } from '../../wire/close.js';
import { clean } from '../../wire/safe-text.js';
import { parseTraceparent } from '../../wire/trace-context.js';
import type { MeetupLevels } from './meetup-levels.js';

/** Writes one line for each event of a connection or a session, with the words of the close table. */
export class LogObserver implements EventReader {
  readonly #levels: MeetupLevels;
  readonly #clock: Clock;

  constructor(levels: MeetupLevels, clock: Clock) {
    this.#levels = levels;
    this.#clock = clock;
  }

  refused({ refusal, detail, target, identity, meetupId = '', remote, requestId, via = '' }: RefusedUpgrade): void {
    const from = { remote: clean(remote), request_id: clean(requestId), ...handedOnBy(via) };
    const who = { subject: clean(identity?.subject ?? ''), ...from };
    const why = { reason: refusal.label, status: refusal.status, detail: clean(detail) };
    this.#levels.of(meetupId).warn({ ...why, target: clean(target), ...who }, 'refused');
  }

  admitted(peer: PeerView): void {
    const { rule, wouldDeny, remote, requestId, via, identity } = peer;
    const who = { subject: clean(identity.subject), fingerprint: identity.fingerprint, serial: identity.serial };
    const from = { remote: clean(remote), request_id: clean(requestId), ...handedOnBy(via) };
    const line = { ...whose(peer), ...who, rule, ...from };
    const log = this.#levels.of(peer.meetupId);
    if (wouldDeny === undefined) log.info(line, 'admitted');
    else log.warn({ ...line, would_deny: clean(wouldDeny) }, 'admitted, as the policy only audits');
  }

  seated(peer: PeerView, { uid, state }: SessionView): void {
    const log = this.#levels.of(peer.meetupId);
    if (!log.isLevelEnabled('debug')) return;
    const claims = { peer_class: clean(peer.peerClass), peer_id: clean(peer.peerId) };
    log.debug({ ...whose(peer), ...claims, session: uid, state }, 'seated');
  }

  paired({ uid: session, meetupId, createdAt, pairedAt = createdAt, peers }: SessionView): void {
    const [first, second] = peers.map(({ peerId }) => clean(peerId));
    const line = { meetup: clean(meetupId), session, first, second, waited_ms: pairedAt - createdAt };
    this.#levels.of(meetupId).info(line, 'paired');
  }

  ended(peer: PeerView, { label, code, text }: Ending): void {
    const { messagesIn, bytesIn, messagesOut, bytesOut } = peer.counters;
    const moved = { messages_in: messagesIn, bytes_in: bytesIn, messages_out: messagesOut, bytes_out: bytesOut };
    const lasted = { duration_ms: this.#clock.now() - peer.connectedAt };
    const why = { ending: label, code, reason: clean(text) };
    this.#levels
      .of(peer.meetupId)
      .info({ ...whose(peer), session: peer.sessionUid, ...why, ...lasted, ...moved }, 'ended');
  }

  finished({ uid: session, meetupId, pairedAt }: SessionView, { label }: Ending): void {
    const paired_ms = pairedAt === undefined ? 0 : this.#clock.now() - pairedAt;
    const line = { meetup: clean(meetupId), session, ending: label, paired_ms };
    this.#levels.of(meetupId).info(line, 'session ended');
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
