import type { Peer__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Peer.js';
import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import { durationMs, shortTime } from './durations.js';
import { timeMs } from './json-form.js';
import type { Column } from './output.js';

/** Columns of a list of sessions. `now`: milliseconds since the epoch, for ages. */
export function sessionColumns(now: number): readonly Column<Session__Output>[] {
  const age = ({ create_time }: Session__Output): number => (create_time === null ? 0 : now - timeMs(create_time));
  return [
    { title: 'UID', plain: ({ uid }) => uid, pretty: ({ uid }) => uid.slice(0, 8) },
    { title: 'MEETUP', plain: ({ meetup_id }) => meetup_id },
    { title: 'STATE', plain: stateOf },
    {
      title: 'AGE',
      plain: (session) => String(Math.round(age(session) / 1000)),
      pretty: (session) => shortTime(Math.max(age(session), 0)),
      right: true,
    },
    { title: 'FIRST', plain: ({ peers }) => peerName(peers[0]) },
    { title: 'SECOND', plain: ({ peers }) => peerName(peers[1]) },
    { title: 'MESSAGES', plain: (session) => String(sum(session, 'messages_in')), right: true },
    {
      title: 'BYTES',
      plain: (session) => String(sum(session, 'bytes_in')),
      pretty: (session) => shortBytes(sum(session, 'bytes_in')),
      right: true,
    },
    { title: 'IN-FLIGHT', plain: ({ invocations }) => invocations?.in_flight ?? '0', right: true },
    { title: 'ERRORS', plain: ({ invocations }) => invocations?.errors ?? '0', right: true },
    { title: 'LATENCY', plain: latency, right: true },
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

/** Bytes for people: `512B`, `1.4MiB`. */
export function shortBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length);
  return `${(bytes / 1024 ** power).toFixed(1)}${UNITS[power - 1]}`;
}

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];

function sum({ peers }: Session__Output, counter: 'messages_in' | 'bytes_in'): number {
  return peers.reduce((total, { counters }) => total + Number(counters?.[counter] ?? 0), 0);
}

function latency({ invocations }: Session__Output): string {
  const mean = invocations?.mean_latency ?? null;
  return mean === null ? '' : `${durationMs(mean).toFixed(1)}ms`;
}
