import type { Identity__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/Identity.js';
import type { Peer__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/Peer.js';
import type { Session__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';

/** Milliseconds since the epoch. */
export const NOW = Date.parse('2026-01-31T12:00:00Z');

const moment = (ms: number) => ({ seconds: String(Math.floor(ms / 1000)), nanos: 0 });
const span = (ms: number) => ({ seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1e6 });

export function identityResource(subject: string): Identity__Output {
  return {
    fingerprint: 'ab'.repeat(32),
    serial: '1',
    subject,
    issuer: 'CN=root',
    uris: [],
    dns: [],
    expire_time: moment(NOW + 86_400_000),
  };
}

function peer(role: string, subject: string, backlog: number): Peer__Output {
  return {
    uid: `uid-of-${role}`,
    role,
    rule: 'one',
    identity: identityResource(subject),
    peer_class: '',
    peer_id: '',
    remote_address: '192.0.2.1',
    connect_time: moment(NOW - 8_040_000),
    last_pong_time: null,
    counters: { messages_in: '20', bytes_in: '4096', messages_out: '21', bytes_out: '4096' },
    backlog_bytes: String(backlog),
    held: false,
    request_id: '',
    via: '',
  };
}

/** A session as the control API tells it, two hours and fourteen minutes old, with calls of which some failed. */
export function listedSession(given: Partial<Session__Output> = {}): Session__Output {
  return {
    name: 'sessions/1a2b3c4d',
    uid: '1a2b3c4d',
    meetup_id: 'sub/8675309/00224dd149bb',
    state: 'SESSION_STATE_PAIRED',
    create_time: moment(NOW - 8_040_000),
    pair_time: moment(NOW - 8_039_000),
    ending: null,
    peers: [peer('manager', 'CN=cloud-7,O=Cloud', 0), peer('gateway', 'CN=gw-12,OU=Subscriber,O=Lab', 65_536)],
    invocations: {
      in_flight: '3',
      completed: '900',
      errors: '12',
      mean_latency: span(1_100),
      max_latency: span(9_000),
      p99_latency: span(3_100),
      mean_proxy_latency: { seconds: '0', nanos: 400_000 },
      max_proxy_latency: span(2),
      mean_peer_latency: span(1_100),
      max_peer_latency: span(9_000),
    },
    replica: 'replica-1',
    reconnects: { last_hour: 14 },
    ...given,
  };
}
