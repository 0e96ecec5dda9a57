import type { Counters } from '../session/counters.js';
import type { Peer } from '../session/peer.js';
import type { Session, SessionState } from '../session/session.js';
import type { Ending } from '../wire/close.js';
import type { Identity } from '../x509/identity.js';
import type { InvocationStatistics, SessionStatistics } from './ports.js';

/** A session at one moment: values only, so that keeping one keeps no socket alive. Times are milliseconds since the epoch. */
export interface SessionView {
  readonly uid: string;
  readonly meetupId: string;
  /** Order of creation in this process. */
  readonly sequence: number;
  readonly state: 'WAITING' | 'PAIRED' | 'FINISHED';
  readonly createdAt: number;
  readonly pairedAt: number | undefined;
  readonly ending: Ending | undefined;
  readonly peers: readonly PeerView[];
  readonly invocations: InvocationStatistics;
}

/** One of its peers. */
export interface PeerView {
  readonly uid: string;
  readonly role: string;
  readonly rule: string;
  readonly identity: Identity;
  readonly peerClass: string;
  readonly peerId: string;
  readonly remote: string;
  readonly requestId: string;
  readonly connectedAt: number;
  /** 0 before the first pong. */
  readonly lastPongAt: number;
  readonly counters: Readonly<Counters>;
  readonly backlog: number;
  readonly held: boolean;
}

/** The session as it is now. */
export function viewOf(session: Session, statistics: SessionStatistics): SessionView {
  const { state } = session;
  return {
    uid: session.uid,
    meetupId: session.meetupId,
    sequence: session.sequence,
    state: STATES[state.t],
    createdAt: session.createdAt,
    pairedAt: state.t === 'waiting' ? undefined : state.pairedAt,
    ending: state.t === 'finished' ? state.ending : undefined,
    peers: session.peers.map(peerView),
    invocations: statistics.of(session),
  };
}

const STATES = { waiting: 'WAITING', paired: 'PAIRED', finished: 'FINISHED' } as const satisfies Record<
  SessionState['t'],
  SessionView['state']
>;

function peerView(peer: Peer): PeerView {
  const { admission, hello } = peer;
  return {
    uid: peer.uid,
    role: admission.role,
    rule: admission.rule,
    identity: admission.identity,
    peerClass: hello?.peerClass ?? '',
    peerId: hello?.peerId ?? '',
    remote: admission.remote,
    requestId: admission.requestId,
    connectedAt: peer.admittedAt,
    lastPongAt: peer.lastPongAt,
    counters: { ...peer.counters },
    backlog: peer.state.t === 'ended' ? 0 : peer.socket.backlog,
    held: peer.held,
  };
}
