import type { Memory } from '../../history/memory.js';
import { reconnectsIn } from '../../history/reconnects.js';
import type { Block as HeldBlock } from '../../policy/limits/blocks.js';
import type { Clock } from '../../ports/clock.js';
import type { Overview, SessionLook } from '../../session/views/overview.js';
import type { InvocationStatistics } from '../../session/views/statistics.js';
import type { PeerView, SessionView } from '../../session/views/view.js';
import type { Block } from '../generated/micronets/wsproxy/control/v1/Block.js';
import type { InvocationStatistics as Statistics } from '../generated/micronets/wsproxy/control/v1/InvocationStatistics.js';
import type { Peer } from '../generated/micronets/wsproxy/control/v1/Peer.js';
import type { Session } from '../generated/micronets/wsproxy/control/v1/Session.js';
import { notFound } from '../rpc/fault.js';
import { idIn } from '../rpc/field-values.js';
import { duration, timestamp } from '../rpc/times.js';

/** Finds the live session that a request names. Throws Fault. */
export function sessionNamed(overview: Overview, name: string): SessionLook {
  const session = overview.session(idIn(name, 'sessions'));
  if (session !== undefined) return session;
  throw notFound('Session', name, 'no live session has this name here: it has finished, or another replica serves it');
}

/** Where sessions are told of: the replica, and what it remembers. */
export interface SessionPlace {
  readonly replica: string;
  /** Absent where nothing is remembered. */
  readonly memory?: Pick<Memory, 'of'> | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/** Makes the contract's Session of one that lives, with what is remembered of its meetup. */
export function livingSession(view: SessionView, { replica, memory, clock }: SessionPlace): Session {
  const session = sessionResource(view, replica);
  if (memory === undefined) return session;
  const record = memory.of(view.meetupId);
  return { ...session, reconnects: { last_hour: record === undefined ? 0 : reconnectsIn(record, clock.now()) } };
}

/** Makes the contract's Session from a view. */
export function sessionResource(view: SessionView, replica: string): Session {
  return {
    name: `sessions/${view.uid}`,
    uid: view.uid,
    meetup_id: view.meetupId,
    state: STATES[view.state],
    create_time: timestamp(view.createdAt),
    pair_time: view.pairedAt === undefined ? null : timestamp(view.pairedAt),
    ending: view.ending ?? null,
    peers: view.peers.map(peerResource),
    invocations: statisticsResource(view.invocations),
    replica,
  };
}

const STATES = {
  waiting: 'SESSION_STATE_WAITING',
  paired: 'SESSION_STATE_PAIRED',
  finished: 'SESSION_STATE_FINISHED',
} as const satisfies Record<SessionView['state'], string>;

function peerResource(peer: PeerView): Peer {
  const { identity, counters } = peer;
  return {
    uid: peer.uid,
    role: peer.role,
    rule: peer.rule,
    identity: {
      fingerprint: identity.fingerprint,
      serial: identity.serial,
      subject: identity.subject,
      issuer: identity.issuer,
      uris: [...identity.uris],
      dns: [...identity.dns],
      expire_time: timestamp(identity.notAfter * 1000),
    },
    peer_class: peer.peerClass,
    peer_id: peer.peerId,
    remote_address: peer.remote,
    connect_time: timestamp(peer.connectedAt),
    last_pong_time: peer.lastPongAt === 0 ? null : timestamp(peer.lastPongAt),
    counters: {
      messages_in: counters.messagesIn,
      bytes_in: counters.bytesIn,
      messages_out: counters.messagesOut,
      bytes_out: counters.bytesOut,
    },
    backlog_bytes: peer.backlog,
    held: peer.held,
    request_id: peer.requestId,
    via: peer.via,
  };
}

function statisticsResource(of: InvocationStatistics): Statistics {
  const answered = of.answered > 0;
  return {
    in_flight: of.inFlight,
    completed: of.completed,
    errors: of.errors,
    mean_latency: answered ? duration(of.latencyTotal / of.answered) : null,
    max_latency: answered ? duration(of.latencyMax) : null,
    p99_latency: of.latencyP99 > 0 ? duration(of.latencyP99) : null,
    mean_proxy_latency: answered ? duration(of.proxyTotal / of.answered) : null,
    max_proxy_latency: answered ? duration(of.proxyMax) : null,
    mean_peer_latency: answered ? duration(of.peerTotal / of.answered) : null,
    max_peer_latency: answered ? duration(of.peerMax) : null,
  };
}

/** Makes the contract's Block from a block in force. */
export function blockResource(block: HeldBlock): Block {
  return {
    name: `blocks/${block.uid}`,
    uid: block.uid,
    fingerprint: block.fingerprint ?? '',
    subject: block.subject ?? '',
    meetup_id: block.meetupId ?? '',
    reason: block.reason,
    creator: block.by,
    create_time: timestamp(block.since),
    expire_time: timestamp(block.until),
  };
}
