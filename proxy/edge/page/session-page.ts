import type { Peer as PeerView, SessionPage, Session as SessionView } from '../../../page/answer.js';
import type { Peer } from '../../session/peer.js';
import type { Session } from '../../session/session.js';
import { type Question, SESSIONS_PER_PAGE } from './question.js';

type Wanted = Pick<Question, 'filter' | 'state' | 'offset'>;

/**
 * The page of the list that is asked for, newest first. An offset behind the end gives the last page.
 * @param sessions oldest first
 * @param open invocations of a session that have no response yet
 */
export function sessionPage(
  sessions: Iterable<Session>,
  { filter, state, offset }: Wanted,
  open: (session: Session) => number,
): SessionPage {
  const found = [...sessions]
    .filter((one) => (state === 'any' || one.state.t === state) && fits(one, filter))
    .reverse();
  const last = Math.max(0, Math.ceil(found.length / SESSIONS_PER_PAGE) - 1) * SESSIONS_PER_PAGE;
  const first = Math.min(offset - (offset % SESSIONS_PER_PAGE), last);
  const items = found.slice(first, first + SESSIONS_PER_PAGE).map((one) => sessionView(one, open(one)));
  return { matching: found.length, offset: first, perPage: SESSIONS_PER_PAGE, items };
}

function fits(session: Session, filter: string): boolean {
  if (filter === '') return true;
  return session.meetupId.toLowerCase().includes(filter) || session.peers.some((peer) => isOf(peer, filter));
}

function isOf({ admission, hello }: Peer, filter: string): boolean {
  const texts = [admission.identity.subject, admission.remote, admission.role, hello?.peerClass, hello?.peerId];
  return texts.some((text) => text?.toLowerCase().includes(filter) === true);
}

function sessionView(session: Session, open: number): SessionView {
  const { uid: id, meetupId, state, createdAt, peers } = session;
  return {
    id,
    meetupId,
    state: state.t === 'waiting' ? 'waiting' : 'paired',
    createdAt,
    pairedAt: state.t === 'waiting' ? null : (state.pairedAt ?? null),
    open,
    peers: peers.map(peerView),
  };
}

function peerView({ uid: id, admission, hello, socket, held, admittedAt, lastPongAt, counters }: Peer): PeerView {
  const { role, rule, identity, remote } = admission;
  return {
    id,
    role,
    rule,
    subject: identity.subject,
    fingerprint: identity.fingerprint,
    notAfter: identity.notAfter * 1000,
    peerClass: hello?.peerClass ?? '',
    peerId: hello?.peerId ?? '',
    remote,
    since: admittedAt,
    lastPongAt,
    ...counters,
    backlog: socket.backlog,
    held,
  };
}
