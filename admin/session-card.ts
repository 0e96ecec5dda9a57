import type { Peer__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Peer.js';
import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import { durationMs } from './durations.js';
import { timeMs } from './json-form.js';
import { shortBytes, stateOf } from './session-columns.js';

type Row = readonly [name: string, value: string];

/** One session in rows. */
export function sessionCard(session: Session__Output): readonly Row[] {
  const { invocations, ending } = session;
  return [
    ['name', session.name],
    ['meetup', session.meetup_id],
    ['state', stateOf(session)],
    ['since', moment(session.create_time)],
    ['paired', moment(session.pair_time)],
    ...(ending === null ? [] : [['ended', `${ending.label} (${ending.code}): ${ending.text}`] as const]),
    ['replica', session.replica],
    ['in flight', `${invocations?.in_flight ?? 0}`],
    ['invocations', `${invocations?.completed ?? 0}, of which ${invocations?.errors ?? 0} failed`],
    ['latency', `${span(invocations?.mean_latency)} mean, ${span(invocations?.max_latency)} most`],
    ...session.peers.flatMap((peer, at) => peerRows(peer, at === 0 ? 'first' : 'second')),
  ];
}

function peerRows(peer: Peer__Output, seat: string): readonly Row[] {
  const { identity, counters } = peer;
  const rows: readonly Row[] = [
    ['uid', peer.uid],
    ['role', `${peer.role}, by rule ${peer.rule}`],
    ['subject', identity?.subject ?? ''],
    ['sha256', identity?.fingerprint ?? ''],
    ['serial', identity?.serial ?? ''],
    ['expires', moment(identity?.expire_time ?? null)],
    ['says', `${peer.peer_class}, ${peer.peer_id}`],
    ['address', peer.remote_address],
    ...(peer.via === '' ? [] : [['came by', peer.via] as const]),
    ['connected', moment(peer.connect_time)],
    ['last pong', moment(peer.last_pong_time)],
    ['sent', `${counters?.messages_in ?? 0} messages, ${shortBytes(Number(counters?.bytes_in ?? 0))}`],
    ['was sent', `${counters?.messages_out ?? 0} messages, ${shortBytes(Number(counters?.bytes_out ?? 0))}`],
    [
      'backlog',
      `${shortBytes(Number(peer.backlog_bytes))}${peer.held ? ', not read: the other peer is slow, or it is above its rate' : ''}`,
    ],
    ['request', peer.request_id],
  ];
  return rows.map(([name, value]) => [`${seat} ${name}`, value] as const);
}

function moment(time: { readonly seconds: string; readonly nanos: number } | null): string {
  return time === null ? '-' : new Date(timeMs(time)).toISOString();
}

function span(value: { readonly seconds: string; readonly nanos: number } | null | undefined): string {
  return value === null || value === undefined ? '-' : `${durationMs(value).toFixed(1)} ms`;
}
