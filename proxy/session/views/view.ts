import type { Role } from '../../policy/rules/decision.js';
import type { Ending } from '../../wire/close.js';
import type { Identity } from '../../x509/identity.js';
import type { Counters } from '../life/counters.js';
import type { Peer } from '../life/peer.js';
import type { Session, SessionState } from '../life/session.js';
import type { InvocationStatistics, SessionStatistics } from './statistics.js';

/**
 * A session at one moment, as everything outside the core knows it. It holds values only, so keeping a view keeps no socket alive and a
 * view can be sent elsewhere. Times are milliseconds since the epoch.
 */
export interface SessionView {
  readonly uid: string;
  readonly meetupId: string;
  readonly state: SessionState['t'];
  /** Differs among the sessions of a replica, by a microsecond at least. */
  readonly createdAt: number;
  /** Undefined while the session waits, and if it ended before its second peer came. */
  readonly pairedAt: number | undefined;
  /** Undefined while the session lives. */
  readonly ending: Ending | undefined;
  /** The peers that sit or, in a finished session, sat, in the order in which they came. */
  readonly peers: readonly PeerView[];
  readonly invocations: InvocationStatistics;
}

/** One connection at one moment. */
export interface PeerView {
  readonly uid: string;
  readonly meetupId: string;
  /** Uid of the peer's session; empty before the peer sits. */
  readonly sessionUid: string;
  readonly role: Role;
  /** Name of the policy rule that admitted it. */
  readonly rule: string;
  /** Set while the policy only audits: the reason why an enforced policy would keep this peer out. */
  readonly wouldDeny: string | undefined;
  readonly identity: Identity;
  /** Claims of its HELLO; empty before the HELLO. */
  readonly peerClass: string;
  readonly peerId: string;
  /** Address as the edge saw it; empty when unknown. */
  readonly remote: string;
  readonly requestId: string;
  /** `traceparent` that the edge put on the upgrade; empty when there was none. */
  readonly traceparent: string;
  /** Incarnation of the replica on which the client landed and which handed it on; empty where it landed here. */
  readonly via: string;
  readonly connectedAt: number;
  /** Time of the last pong; 0 before the first. */
  readonly lastPongAt: number;
  readonly counters: Readonly<Counters>;
  /** Bytes that wait for the peer. */
  readonly backlog: number;
  /** Whether the peer is not read at the moment. */
  readonly held: boolean;
}

/** Makes the view of a session as it is now. */
export function sessionView(session: Session, statistics: SessionStatistics): SessionView {
  const { uid, meetupId, createdAt, state, peers } = session;
  return {
    uid,
    meetupId,
    state: state.t,
    createdAt,
    pairedAt: state.t === 'waiting' ? undefined : state.pairedAt,
    ending: state.t === 'finished' ? state.ending : undefined,
    peers: peers.map(peerView),
    invocations: statistics.of(session),
  };
}

/** Makes the view of a peer as it is now. */
export function peerView(peer: Peer): PeerView {
  const { admission, hello } = peer;
  return {
    uid: peer.uid,
    meetupId: admission.meetupId,
    sessionUid: peer.session?.uid ?? '',
    role: admission.role,
    rule: admission.rule,
    wouldDeny: admission.wouldDeny,
    identity: admission.identity,
    peerClass: hello?.peerClass ?? '',
    peerId: hello?.peerId ?? '',
    remote: admission.remote,
    requestId: admission.requestId,
    traceparent: admission.traceparent,
    via: admission.via ?? '',
    connectedAt: peer.admittedAt,
    lastPongAt: peer.lastPongAt,
    counters: { ...peer.counters },
    backlog: peer.state.t === 'ended' ? 0 : peer.socket.backlog,
    held: peer.held,
  };
}
