import type { SessionPage, Peer as ShownPeer, Session as ShownSession } from '../../page/answer.js';
import type { Overview } from '../session/views/overview.js';
import type { PeerView, SessionView } from '../session/views/view.js';
import { type Question, SESSIONS_PER_PAGE } from './question.js';

type ListQuestion = Pick<Question, 'filter' | 'state' | 'offset'>;

/** Returns a page of the list, newest first. An offset behind the end gives the last page. */
export function sessionPage(overview: Overview, question: ListQuestion): SessionPage {
  const { filter, state, offset } = question;
  // Without a filter only the shown sessions are looked at, since there may be very many.
  const found = filter === '' && state === 'any' ? undefined : matching(overview, question);
  const total = found?.length ?? overview.counts.waiting + overview.counts.paired;
  const last = Math.max(0, Math.ceil(total / SESSIONS_PER_PAGE) - 1) * SESSIONS_PER_PAGE;
  const first = Math.min(offset - (offset % SESSIONS_PER_PAGE), last);
  const shown = found?.slice(first, first + SESSIONS_PER_PAGE) ?? overview.newest(first, SESSIONS_PER_PAGE);
  return { matching: total, offset: first, perPage: SESSIONS_PER_PAGE, items: shown.map(shownSession) };
}

function matching(overview: Overview, { filter, state }: ListQuestion): SessionView[] {
  const fitting = [...overview.sessions()].filter(
    (one) => (state === 'any' || one.state === state) && fits(one, filter),
  );
  return fitting.reverse();
}

function fits({ meetupId, peers }: SessionView, filter: string): boolean {
  if (filter === '') return true;
  return meetupId.toLowerCase().includes(filter) || peers.some((peer) => isOf(peer, filter));
}

function isOf({ identity, remote, role, peerClass, peerId }: PeerView, filter: string): boolean {
  return [identity.subject, remote, role, peerClass, peerId].some((text) => text.toLowerCase().includes(filter));
}

function shownSession({
  uid: id,
  meetupId,
  state,
  createdAt,
  pairedAt,
  invocations,
  peers,
}: SessionView): ShownSession {
  return {
    id,
    meetupId,
    state: state === 'waiting' ? 'waiting' : 'paired',
    createdAt,
    pairedAt: pairedAt ?? null,
    open: invocations.inFlight,
    peers: peers.map(shownPeer),
  };
}

function shownPeer(peer: PeerView): ShownPeer {
  const {
    uid: id,
    role,
    rule,
    identity,
    peerClass,
    peerId,
    remote,
    via,
    connectedAt: since,
    lastPongAt,
    backlog,
    held,
  } = peer;
  return {
    id,
    role,
    rule,
    subject: identity.subject,
    fingerprint: identity.fingerprint,
    notAfter: identity.notAfter * 1000,
    peerClass,
    peerId,
    remote,
    via,
    since,
    lastPongAt,
    ...peer.counters,
    backlog,
    held,
  };
}
