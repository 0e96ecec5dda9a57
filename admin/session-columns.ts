import type { Peer__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Peer.js';
import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import { parseName } from '../proxy/x509/names/distinguished-name.js';
import { shortTime } from './durations.js';
import { timeMs } from './json-form.js';
import type { Column } from './output.js';
import { latency } from './past-text.js';

type SessionColumn = Column<Session__Output>;

/** What stays true of a session until its next event. `now`: milliseconds since the epoch, for ages. */
export function lastingColumns(now: number): readonly SessionColumn[] {
  const age = ({ create_time }: Session__Output): number => (create_time === null ? 0 : now - timeMs(create_time));
  return [
    { title: 'STATE', plain: stateOf },
    {
      title: 'AGE',
      plain: (session) => `${Math.max(Math.round(age(session) / 1000), 0)}s`,
      pretty: (session) => shortTime(Math.max(age(session), 0)),
      right: true,
    },
  ];
}

/** What a list says first of each session, besides its meetup: whether all is well there, in few columns. */
export function figureColumns(now: number): readonly SessionColumn[] {
  return [
    ...lastingColumns(now),
    { title: 'CALLS', plain: ({ invocations }) => invocations?.in_flight ?? '0', right: true },
    { title: 'ERRORS', plain: ({ invocations }) => invocations?.errors ?? '0', right: true },
    { title: 'P99', plain: ({ invocations }) => latency(invocations?.p99_latency ?? null), right: true },
    {
      title: 'BACKLOG',
      plain: (session) => `${backlogOf(session)}B`,
      pretty: (session) => shortBytes(backlogOf(session)),
      right: true,
    },
    {
      title: 'RECONN',
      plain: ({ reconnects }) => (reconnects === null ? '' : String(reconnects.last_hour)),
      right: true,
    },
  ];
}

/** Everything that a list has of a session, in whole. */
export function wideColumns(now: number): readonly SessionColumn[] {
  return [
    { title: 'UID', plain: ({ uid }) => uid },
    { title: 'MEETUP', plain: ({ meetup_id }) => meetup_id },
    ...figureColumns(now),
    { title: 'FIRST', plain: ({ peers }) => `${peers[0]?.role ?? ''} ${peerName(peers[0])}`.trim() },
    { title: 'SECOND', plain: ({ peers }) => `${peers[1]?.role ?? ''} ${peerName(peers[1])}`.trim() },
    { title: 'COMPLETED', plain: ({ invocations }) => invocations?.completed ?? '0', right: true },
    { title: 'MEAN', plain: ({ invocations }) => latency(invocations?.mean_latency ?? null), right: true },
    { title: 'AT-PEER', plain: ({ invocations }) => latency(invocations?.mean_peer_latency ?? null), right: true },
    { title: 'IN-PROXY', plain: ({ invocations }) => latency(invocations?.mean_proxy_latency ?? null), right: true },
    { title: 'MESSAGES', plain: (session) => String(sum(session, 'messages_in')), right: true },
    {
      title: 'BYTES',
      plain: (session) => String(sum(session, 'bytes_in')),
      pretty: (session) => shortBytes(sum(session, 'bytes_in')),
      right: true,
    },
    { title: 'REPLICA', plain: ({ replica }) => replica },
  ];
}

/** `WAITING`, `PAIRED` or `FINISHED`. */
export function stateOf({ state }: Session__Output): string {
  return state.slice('SESSION_STATE_'.length);
}

/** The name of a peer: its certificate's subject, else the fingerprint's beginning. */
export function peerName(peer: Peer__Output | undefined): string {
  if (peer === undefined) return '';
  const { subject, fingerprint } = peer.identity ?? { subject: '', fingerprint: '' };
  return subject === '' ? `sha256:${fingerprint.slice(0, 16)}` : subject;
}

/** The name of a peer in a word: its certificate's common name, else the first value of its subject, else the fingerprint's beginning. */
export function shortPeerName(peer: Peer__Output): string {
  const name = parseName(peer.identity?.subject ?? '');
  if (!('ok' in name)) return peerName(peer);
  const values = name.ok.flat().filter((one) => 'value' in one);
  return (values.find(({ type }) => type === 'CN') ?? values[0])?.value ?? peerName(peer);
}

/** Who sits in a session, the manager first: `manager cloud-7, gateway gw-12`. */
export function peersText(session: Pick<Session__Output, 'peers'>): string {
  return inSeats(session)
    .map((peer) => `${peer.role} ${shortPeerName(peer)}`)
    .join(', ');
}

/** The same without roles where two sit, for want of room: `cloud-7, gw-12`. */
export function peerNamesText(session: Pick<Session__Output, 'peers'>): string {
  return session.peers.length < 2 ? peersText(session) : inSeats(session).map(shortPeerName).join(', ');
}

function inSeats({ peers }: Pick<Session__Output, 'peers'>): readonly Peer__Output[] {
  return peers.toSorted((a, b) => Number(b.role === 'manager') - Number(a.role === 'manager'));
}

/** Bytes for people: `512B`, `1.4MiB`. */
export function shortBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length);
  return `${(bytes / 1024 ** power).toFixed(1)}${UNITS[power - 1]}`;
}

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];

function backlogOf({ peers }: Session__Output): number {
  return peers.reduce((total, { backlog_bytes: bytes }) => total + Number(bytes), 0);
}

function sum({ peers }: Session__Output, counter: 'messages_in' | 'bytes_in'): number {
  return peers.reduce((total, { counters }) => total + Number(counters?.[counter] ?? 0), 0);
}
