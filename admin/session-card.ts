import type { Duration__Output } from '../proxy/control/generated/google/protobuf/Duration.js';
import type { Peer__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Peer.js';
import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import { timeMs } from './json-form.js';
import { latency } from './past-text.js';
import { shortBytes, stateOf } from './session-columns.js';

type Row = readonly [name: string, value: string];

/** One session in rows. */
export function sessionCard(session: Session__Output): readonly Row[] {
  const { invocations, ending, reconnects } = session;
  return [
    ['name', session.name],
    ['meetup', session.meetup_id],
    ['state', stateOf(session)],
    ['since', moment(session.create_time)],
    ['paired', moment(session.pair_time)],
    ...(ending === null ? [] : [['ended', `${ending.label} (${ending.code}): ${ending.text}`] as const]),
    ['replica', session.replica],
    ...(reconnects === null ? [] : [['reconnects', `${reconnects.last_hour} in the last hour`] as const]),
    ['in flight', `${invocations?.in_flight ?? 0}`],
    ['invocations', `${invocations?.completed ?? 0}, of which ${invocations?.errors ?? 0} are errors`],
    ...latencyRows(invocations),
    ...session.peers.flatMap((peer, at) => peerRows(peer, at === 0 ? 'first' : 'second')),
  ];
}

/** How long calls took, in all and split; nothing before the first answer. */
function latencyRows(of: Session__Output['invocations']): readonly Row[] {
  if (of === null || of.mean_latency === null) return [['latency', '-']];
  const recent = of.p99_latency === null ? 'no answer of late' : `${latency(of.p99_latency)} p99 of late`;
  const split = (mean: Duration__Output | null, most: Duration__Output | null) =>
    `${latency(mean)} mean, ${latency(most)} most`;
  return [
    ['latency', `${recent}, ${split(of.mean_latency, of.max_latency)}`],
    ['at the peer', split(of.mean_peer_latency, of.max_peer_latency)],
    ['in the proxy', split(of.mean_proxy_latency, of.max_proxy_latency)],
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
