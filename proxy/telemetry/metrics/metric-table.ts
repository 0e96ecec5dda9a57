import type { HopEvidence } from '../../session/life/locator.js';
import { endings } from '../../wire/close.js';
import { METHODS, OUTCOMES } from '../../wire/invocation.js';
import type { MessageKind } from '../../wire/message-kind.js';
import { LIFE_SECONDS, MESSAGE_BYTES, PROXY_SECONDS, REQUEST_SECONDS, STORE_SECONDS } from './histogram.js';

/**
 * - `counter`: only grows.
 * - `updown`: a number of things at this moment; adds up over replicas.
 * - `gauge`: a value that does not add up.
 * - `histogram`: a distribution.
 */
export type MetricKind = 'counter' | 'updown' | 'gauge' | 'histogram';

export interface MetricRow {
  readonly kind: MetricKind;
  /** UCUM, as OpenTelemetry writes units: `s`, `By`, `1`, or `{things}`. */
  readonly unit: string;
  readonly help: string;
  /** Every value that each label can take, or a description where the operator decides the list. */
  readonly labels?: Readonly<Record<string, readonly string[] | string>>;
  readonly bounds?: readonly number[];
}

const LABELS = Object.keys(endings);
const REFUSALS = LABELS.filter((label) => 'status' in endings[label as keyof typeof endings]);
const ENDINGS = LABELS.filter((label) => 'code' in endings[label as keyof typeof endings]);
const RESULT = ['ok', 'failed'];

/** What another replica made of an upgrade that was handed on to it. */
export const HOP_RESULTS = ['accepted', 'refused'] as const;
/** What kept an upgrade from being handed on. */
export const HOP_FAULTS: readonly HopEvidence['fault'][] = ['refused', 'replaced', 'moved', 'silent'];

/** How a replica can stand to the fleet. */
export const STANDINGS = ['starting', 'attached', 'quarantine', 'detached', 'stopped'] as const;
/** What becomes of claims. */
export const CLAIM_EVENTS = ['taken', 'taken_over', 'released', 'asserted', 'deposed', 'conflict'] as const;
/** What ends an incarnation while its process lives. */
export const INCARNATION_ENDS = ['declared_dead', 'store_lost'] as const;
export const STORE_OPERATIONS = [
  'put_claim',
  'read_claim',
  'put_record',
  'read_record',
  'list_records',
  'ask_alive',
] as const;
export const STORE_RESULTS = ['ok', 'conflict', 'unknown'] as const;

/** The kinds under which relayed messages are counted. */
export type CountedKind = MessageKind | 'binary';
export const COUNTED_KINDS: readonly CountedKind[] = [
  'request',
  'response',
  'event',
  'hello',
  'info',
  'other',
  'binary',
  'unreadable',
];

/** Seconds that a call of the control API takes. */
export const RPC_SECONDS: readonly number[] = REQUEST_SECONDS;

/** Status codes of gRPC, in the order of their numbers. */
export const RPC_CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** Certificates whose end the service reports; Envoy reports the certificates that it serves itself. */
export const WATCHED_CERTIFICATES = ['service', 'hop', 'client'] as const;
export type WatchedCertificate = (typeof WATCHED_CERTIFICATES)[number];

/** The table of all metrics; nothing else is published. Names follow the semantic conventions where those have one. */
export const metricTable = {
  'http.server.request.duration': {
    kind: 'histogram',
    unit: 's',
    help: 'Time from a REST:REQUEST to the leaving of its REST:RESPONSE, or to the end that it came to instead.',
    labels: {
      'http.request.method': METHODS,
      'http.response.status_code': '100 to 599, absent when no response came',
      'error.type': 'the status from 500 up, `_OTHER`, or an outcome that is an error; absent when all went well',
      'http.route': 'the configured route templates',
      'network.protocol.name': ['websocket'],
      'url.scheme': ['https'],
      'otel.metric.overflow': ['true'],
    },
    bounds: REQUEST_SECONDS,
  },
  'http.server.active_requests': {
    kind: 'updown',
    unit: '{request}',
    help: 'Invocations that wait for their response.',
    labels: { 'http.request.method': METHODS, 'url.scheme': ['https'] },
  },
  'ws_proxy.invocations': {
    kind: 'counter',
    unit: '{invocation}',
    help: 'Invocations, and messages that belong to none, by how they ended.',
    labels: {
      outcome: OUTCOMES,
      failure: 'class of the failure: `not_answered`, `answered_5xx` or `answered_4xx`; absent where it did not fail',
    },
  },
  'ws_proxy.sessions.failing': {
    kind: 'updown',
    unit: '{session}',
    help: 'Sessions whose last 5 invocations or more all failed, by the class of the last; a response below 500 ends it, and the end of the session.',
    labels: { failure: ['not_answered', 'answered_5xx'] },
  },
  'ws_proxy.invocation.proxy.duration': {
    kind: 'histogram',
    unit: 's',
    help: 'Time that the two messages of an invocation spent within the proxy.',
    bounds: PROXY_SECONDS,
  },
  'ws_proxy.messages': {
    kind: 'counter',
    unit: '{message}',
    help: 'Relayed messages by their messageType.',
    labels: { type: COUNTED_KINDS },
  },
  'ws_proxy.message.size': { kind: 'histogram', unit: 'By', help: 'Size of relayed messages.', bounds: MESSAGE_BYTES },
  'ws_proxy.relay.messages': {
    kind: 'counter',
    unit: '{message}',
    help: 'Messages received from peers and sent to them, HELLOs included.',
    labels: { direction: ['received', 'sent'] },
  },
  'ws_proxy.relay.io': {
    kind: 'counter',
    unit: 'By',
    help: 'Bytes of messages received from peers and sent to them.',
    labels: { direction: ['received', 'sent'] },
  },
  'ws_proxy.connections': {
    kind: 'updown',
    unit: '{connection}',
    help: 'Connections by where they stand.',
    labels: { state: ['greeting', 'waiting', 'paired'] },
  },
  'ws_proxy.connections.held': {
    kind: 'updown',
    unit: '{connection}',
    help: 'Connections that are not read: because the other side is slow (backlog), until they have paid off their rate (rate), while a drain lets requests in flight finish (drain), or while a replica that stood still does not know what it has lost (standstill).',
    labels: { reason: ['backlog', 'rate', 'drain', 'standstill'] },
  },
  'ws_proxy.admissions': { kind: 'counter', unit: '{connection}', help: 'Upgrades that were accepted.' },
  'ws_proxy.refusals': {
    kind: 'counter',
    unit: '{connection}',
    help: 'Upgrades that were refused, by the label of the close table.',
    labels: { reason: REFUSALS },
  },
  'ws_proxy.connection.duration': {
    kind: 'histogram',
    unit: 's',
    help: 'Life of connections, by the label of the close table that they ended with.',
    labels: { ending: ENDINGS },
    bounds: LIFE_SECONDS,
  },
  'ws_proxy.sessions': {
    kind: 'updown',
    unit: '{session}',
    help: 'Sessions by where they stand.',
    labels: { state: ['waiting', 'paired'] },
  },
  'ws_proxy.sessions.alone': {
    kind: 'updown',
    unit: '{session}',
    help: 'Sessions whose first peer has waited for the second for over a minute, by the role of who waits.',
    labels: { role: ['manager', 'gateway', 'any'] },
  },
  'ws_proxy.session.duration': {
    kind: 'histogram',
    unit: 's',
    help: 'Life of sessions that were paired, by the label that they ended with.',
    labels: { ending: ENDINGS },
    bounds: LIFE_SECONDS,
  },
  'ws_proxy.pairing.duration': {
    kind: 'histogram',
    unit: 's',
    help: 'Time that the first peer waited for the second.',
    bounds: LIFE_SECONDS,
  },
  'ws_proxy.hops': {
    kind: 'updown',
    unit: '{connection}',
    help: 'Connections that came here and are served by another replica, to which they are handed on; those being handed on included.',
  },
  'ws_proxy.hops.answered': {
    kind: 'counter',
    unit: '{connection}',
    help: 'Upgrades that were handed on and that the other replica decided: accepted or refused.',
    labels: { result: HOP_RESULTS },
  },
  'ws_proxy.hops.failed': {
    kind: 'counter',
    unit: '{connection}',
    help: 'Attempts to hand an upgrade on that came to nothing: nobody listens there (refused), another run of the replica does (replaced), it serves the meetup no more (moved), or there is no answer in time (silent).',
    labels: { reason: HOP_FAULTS },
  },
  'ws_proxy.cluster.standing': {
    kind: 'gauge',
    unit: '{flag}',
    help: '1 for how this replica stands to the fleet, 0 for the others; absent where it is alone. Only attached it takes free meetups; attached or in quarantine it makes pairs.',
    labels: { standing: STANDINGS },
  },
  'ws_proxy.cluster.detached.time': {
    kind: 'counter',
    unit: 's',
    help: 'Time for which this replica was detached from the fleet.',
  },
  'ws_proxy.cluster.meetups': {
    kind: 'updown',
    unit: '{meetup}',
    help: 'Meetups that this replica serves for the fleet.',
  },
  'ws_proxy.cluster.claims': {
    kind: 'counter',
    unit: '{claim}',
    help: 'What became of claims of meetups: free ones taken; taken over from a replica that was declared dead; released; asserted anew by a new incarnation; found with another replica by that (deposed); refused because another write came first (conflict).',
    labels: { event: CLAIM_EVENTS },
  },
  'ws_proxy.cluster.incarnations': {
    kind: 'counter',
    unit: '{incarnation}',
    help: 'Times that this replica went on under a new incarnation: others had declared it dead, or the store had lost its record.',
    labels: { reason: INCARNATION_ENDS },
  },
  'ws_proxy.cluster.declared': {
    kind: 'counter',
    unit: '{replica}',
    help: 'Replicas that this one declared dead.',
  },
  'ws_proxy.cluster.holds': {
    kind: 'counter',
    unit: '{hold}',
    help: 'Times that this process had been stopped, and read nobody until the store had confirmed what it has.',
  },
  'ws_proxy.cluster.store.duration': {
    kind: 'histogram',
    unit: 's',
    help: 'Time that the store of the fleet took for an operation; unknown: without an answer.',
    labels: { operation: STORE_OPERATIONS, result: STORE_RESULTS },
    bounds: STORE_SECONDS,
  },
  'ws_proxy.backlog': { kind: 'updown', unit: 'By', help: 'Bytes that wait for all peers.' },
  'ws_proxy.backlog.largest': {
    kind: 'gauge',
    unit: 'By',
    help: 'Bytes that wait for the one peer that most wait for.',
  },
  'ws_proxy.connections.limit': { kind: 'gauge', unit: '{connection}', help: 'Most connections that are accepted.' },
  'ws_proxy.sessions.limit': { kind: 'gauge', unit: '{session}', help: 'Most sessions that are opened.' },
  'ws_proxy.draining': { kind: 'gauge', unit: '{flag}', help: '1 while this replica drains or has drained, else 0.' },
  'ws_proxy.policy.reloads': {
    kind: 'counter',
    unit: '{reload}',
    help: 'Loads of the policy, the first included.',
    labels: { result: RESULT },
  },
  'ws_proxy.policy.valid': {
    kind: 'gauge',
    unit: '{flag}',
    help: '1 when the last load of the policy succeeded, else 0.',
  },
  'ws_proxy.policy.digest': {
    kind: 'gauge',
    unit: '{flag}',
    help: '1, with the first 16 hex digits of the SHA-256 of the policy file in force; absent where the policy is no file. All replicas of a fleet have the same.',
    labels: { digest: '16 hex digits' },
  },
  'ws_proxy.policy.loaded_time': { kind: 'gauge', unit: 's', help: 'Unix time of the load of the policy in force.' },
  'ws_proxy.crl.reloads': {
    kind: 'counter',
    unit: '{reload}',
    help: 'Loads of the revocation list, the first included.',
    labels: { result: RESULT },
  },
  'ws_proxy.crl.valid': {
    kind: 'gauge',
    unit: '{flag}',
    help: '1 when the last load of the revocation list succeeded, else 0.',
  },
  'ws_proxy.crl.next_update_time': {
    kind: 'gauge',
    unit: 's',
    help: 'Unix time of nextUpdate of the revocation list in force, of several of the one that ends first; 0 when none names one.',
  },
  'ws_proxy.crl.this_update_time': {
    kind: 'gauge',
    unit: 's',
    help: 'Unix time of thisUpdate of the same list, that of its making; where none names an end, of the oldest. 0 without a list.',
  },
  'ws_proxy.crl.revoked': {
    kind: 'gauge',
    unit: '{certificate}',
    help: 'Certificates on the revocation list in force.',
  },
  'ws_proxy.certificate.expiry_time': {
    kind: 'gauge',
    unit: 's',
    help: 'Unix time of notAfter: of the certificate that the service shows the edge, and other replicas (hop), where they speak TLS; for `client`, of the connected client certificate that ends first.',
    labels: { certificate: WATCHED_CERTIFICATES },
  },
  'rpc.server.call.duration': {
    kind: 'histogram',
    unit: 's',
    help: 'Time that calls of the control API took.',
    labels: {
      'rpc.method': 'the methods of the control API, `_OTHER` for what is none',
      'rpc.response.status_code': RPC_CODES,
      'rpc.system.name': ['grpc'],
    },
    bounds: RPC_SECONDS,
  },
  'ws_proxy.control.watchers': { kind: 'updown', unit: '{stream}', help: 'Open watch streams of the control API.' },
  'ws_proxy.spans': {
    kind: 'counter',
    unit: '{span}',
    help: 'Sampled spans by what became of them: dropped for want of room, or lost because the collector did not take them.',
    labels: { result: ['exported', 'lost', 'dropped'] },
  },
  'ws_proxy.spans.queued': { kind: 'updown', unit: '{span}', help: 'Sampled spans that wait for the collector.' },
  'ws_proxy.audit.records': {
    kind: 'counter',
    unit: '{record}',
    help: 'Audit records by what became of them.',
    labels: { result: ['written', 'dropped'] },
  },
  'ws_proxy.audit.queue': { kind: 'updown', unit: 'By', help: 'Audit records that wait to be written.' },
  'ws_proxy.log.dropped': { kind: 'counter', unit: '{line}', help: 'Log lines dropped because nobody takes them.' },
  'ws_proxy.faults': {
    kind: 'counter',
    unit: '{fault}',
    help: 'Faults of the proxy’s own code that were contained; each is logged.',
  },
  'process.cpu.time': {
    kind: 'counter',
    unit: 's',
    help: 'CPU time of the process.',
    labels: { 'cpu.mode': ['user', 'system'] },
  },
  'process.memory.usage': { kind: 'updown', unit: 'By', help: 'Resident memory of the process.' },
  'process.open_fds': {
    kind: 'updown',
    unit: '{file_descriptor}',
    help: 'Open file descriptors; looked up every 15 s.',
  },
  'process.max_fds': {
    kind: 'gauge',
    unit: '{file_descriptor}',
    help: 'Most file descriptors that the process may open; 0 when unknown.',
  },
  'process.uptime': { kind: 'gauge', unit: 's', help: 'Time since the process started.' },
  'nodejs.eventloop.utilization': {
    kind: 'gauge',
    unit: '1',
    help: 'Share of the time since the last look in which the event loop was busy.',
  },
  'nodejs.eventloop.delay.p50': {
    kind: 'gauge',
    unit: 's',
    help: 'Median delay of the event loop over the last 15 s.',
  },
  'nodejs.eventloop.delay.p99': {
    kind: 'gauge',
    unit: 's',
    help: '99th percentile of the event loop’s delay over the last 15 s.',
  },
  'nodejs.eventloop.delay.max': {
    kind: 'gauge',
    unit: 's',
    help: 'Longest delay of the event loop over the last 15 s.',
  },
  'v8js.memory.heap.used': { kind: 'updown', unit: 'By', help: 'JavaScript heap in use.' },
} as const satisfies Record<string, MetricRow>;

export type MetricName = keyof typeof metricTable;

/** The row of a metric, with the optional members that the table's own type leaves out. */
export function rowOf(name: MetricName): MetricRow {
  return metricTable[name];
}
