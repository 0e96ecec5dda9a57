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
    const line: Line = {
      reason: refusal.label,
      status: refusal.status,
      detail: clean(detail),
      target: clean(target),
      subject: clean(identity?.subject ?? ''),
      remote: clean(remote),
      request_id: clean(requestId),
    };
    handedOn(line, via);
    this.#levels.of(meetupId).warn(line, 'refused');
  }

  admitted(peer: PeerView): void {
    const { rule, wouldDeny, remote, requestId, via, identity } = peer;
    const line = about(peer, {
      subject: clean(identity.subject),
      fingerprint: identity.fingerprint,
      serial: identity.serial,
      rule,
      remote: clean(remote),
      request_id: clean(requestId),
    });
    handedOn(line, via);
    const log = this.#levels.of(peer.meetupId);
    if (wouldDeny === undefined) {
      log.info(line, 'admitted');
      return;
    }
    line['would_deny'] = clean(wouldDeny);
    log.warn(line, 'admitted, as the policy only audits');
  }

  seated(peer: PeerView, { uid, state }: SessionView): void {
    const log = this.#levels.of(peer.meetupId);
    if (!log.isLevelEnabled('debug')) return;
    const claims = { peer_class: clean(peer.peerClass), peer_id: clean(peer.peerId), session: uid, state };
    log.debug(about(peer, claims), 'seated');
  }

  paired({ uid: session, meetupId, createdAt, pairedAt = createdAt, peers }: SessionView): void {
    const [first, second] = peers.map(({ peerId }) => clean(peerId));
    const line = { meetup: clean(meetupId), session, first, second, waited_ms: pairedAt - createdAt };
    this.#levels.of(meetupId).info(line, 'paired');
  }

  ended(peer: PeerView, { label, code, text }: Ending): void {
    const { counters } = peer;
    const line = about(peer, {
      session: peer.sessionUid,
      ending: label,
      code,
      reason: clean(text),
      duration_ms: this.#clock.now() - peer.connectedAt,
      messages_in: counters.messagesIn,
      bytes_in: counters.bytesIn,
      messages_out: counters.messagesOut,
      bytes_out: counters.bytesOut,
    });
    this.#levels.of(peer.meetupId).info(line, 'ended');
  }

  finished({ uid: session, meetupId, pairedAt }: SessionView, { label }: Ending): void {
    const paired_ms = pairedAt === undefined ? 0 : this.#clock.now() - pairedAt;
    const line = { meetup: clean(meetupId), session, ending: label, paired_ms };
    this.#levels.of(meetupId).info(line, 'session ended');
  }
}

type Line = Record<string, string | number | undefined>;

/**
 * The line of a peer: who it is, the edge's span of its connection where it made one, and then the rest. A spread of several objects would
 * take ten times as long, for each line of a storm.
 */
function about({ uid, meetupId, role, traceparent }: PeerView, rest: Line): Line {
  const line: Line = { meetup: clean(meetupId), peer: uid, role };
  const context = parseTraceparent(traceparent);
  if (context !== undefined) {
    line['trace_id'] = context.traceId;
    line['span_id'] = context.spanId;
  }
  return Object.assign(line, rest);
}

/** Adds the replica on which the client landed, where that is another one. */
function handedOn(line: Line, via: string): void {
  if (via !== '') line['via'] = clean(via);
}
