/**
 * The one table of the service's options. Flags (`--max-connections`), environment (`WS_PROXY_MAX_CONNECTIONS`), the keys
 * of the YAML file (`max-connections`), `--help` and the table in docs/configuration.md are made from it.
 */

import { LOG_FORMATS, LOG_THRESHOLDS } from '../wire/log-levels.js';
import { TRACE_LINK } from '../wire/trace-id.js';

/** The form of a value: `10s`, `500ms`, `1h30m` for a duration; `4MiB`, `512KiB`, `100` for bytes; `/a/b/` for a prefix. */
export type Kind = 'text' | 'prefix' | 'count' | 'duration' | 'bytes' | 'flag' | 'choice' | 'list';

export interface OptionRow {
  readonly kind: Kind;
  /** The default in the same form; absent: not set. */
  readonly default?: string;
  /** Bounds of a number, in its own unit (milliseconds, bytes). */
  readonly min?: number;
  readonly max?: number;
  /** Key of an option of the same kind: where this one is not set, it is at most that one. */
  readonly notAbove?: string;
  readonly choices?: readonly string[];
  /** The form of a text, or of each item of a list, and the message about one without it. */
  readonly item?: { readonly pattern: RegExp; readonly fault: string };
  readonly group: 'listeners' | 'identity' | 'protocol' | 'limits' | 'drain' | 'replicas' | 'telemetry';
  readonly help: string;
}

const SECOND = 1000;
const HOUR = 3_600 * SECOND;
const MIB = 1024 * 1024;
/** Time that the edge gives one replica for an upgrade, milliseconds. */
const EDGE_TRY = 5 * SECOND;

export const options = {
  // Listeners
  listen: {
    kind: 'text',
    default: 'unix:.run/proxy.sock',
    group: 'listeners',
    help: 'where the edge reaches the service: unix:PATH (mode 0600), or HOST:PORT on loopback or with --tls-*',
  },
  pathPrefix: {
    kind: 'prefix',
    default: '/micronets/v1/ws-proxy/',
    group: 'listeners',
    help: 'what stands before the meetup id in every path: / alone, or segments of a meetup id between slashes, at most 64 bytes; the edge must be told the same (`ws-proxy envoy render --path-prefix`)',
  },
  replica: {
    kind: 'text',
    group: 'listeners',
    help: 'name of this replica in lists, spans and the control API; the host name and process id when absent',
  },
  controlListen: {
    kind: 'text',
    group: 'listeners',
    help: 'where the edge reaches the control API: unix:PATH or a loopback HOST:PORT; not served when absent',
  },
  metricsHost: { kind: 'text', default: '127.0.0.1', group: 'listeners', help: 'address of metrics and probes' },
  metricsPort: {
    kind: 'count',
    default: '9464',
    min: 0,
    max: 65535,
    group: 'listeners',
    help: 'port of metrics and probes; 0: one that the system picks',
  },
  metricsNames: {
    kind: 'list',
    default: '',
    item: {
      pattern: /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i,
      fault: 'an item is the name of a host, without a port, or any',
    },
    group: 'listeners',
    help: 'further names by which a scraper may ask for metrics, separated by commas; IP addresses, the host’s own name, names without a dot and those below .local, .internal, .svc and .localhost always may; any: every name',
  },
  page: {
    kind: 'flag',
    default: 'false',
    group: 'listeners',
    help: 'serve the read-only page of sessions, calls and what happened: on the metrics port to this host alone, and at the control port of the edge to who has the right viewer',
  },
  tlsCert: {
    kind: 'text',
    group: 'listeners',
    help: 'certificate file of the service, for a HOST:PORT that is not loopback; it, its key and the CA file are taken up when they are replaced',
  },
  tlsKey: { kind: 'text', group: 'listeners', help: 'key file of the service' },
  tlsClientCa: {
    kind: 'text',
    group: 'listeners',
    help: 'CA file that the edge’s client certificate must be signed by',
  },
  tlsClientName: {
    kind: 'text',
    group: 'listeners',
    help: 'DNS or URI SAN that the edge’s client certificate must carry',
  },

  // Identity and policy
  policy: {
    kind: 'text',
    group: 'identity',
    help: 'policy file, or any-verified: every verified certificate everywhere (required)',
  },
  crl: {
    kind: 'text',
    group: 'identity',
    help: 'revocation list (PEM): a certificate newly on it ends its live connections',
  },
  crlCa: {
    kind: 'text',
    group: 'identity',
    help: 'file of the CAs that sign the revocation lists; a list of another is left out; without the file no signature is checked',
  },
  crlStage: {
    kind: 'text',
    group: 'identity',
    help: 'where each revocation list that passed the checks is copied to, by rename: let Envoy read this copy, since it locks everybody out on a broken or stale one',
  },
  origins: {
    kind: 'list',
    default: 'same',
    item: {
      pattern: /^(?:same|any|none|null|[a-z][a-z0-9+.-]*:\/\/[^/?#@,\s]*)$/i,
      fault: 'an item is same, any, none, or an origin such as https://app.example.com, file:// or null',
    },
    group: 'identity',
    help: 'Origin headers that are let in, separated by commas: same (that of the address which was dialled), any, none, or an origin to the letter, such as file://; who sends none is always let in',
  },
  denyList: {
    kind: 'text',
    group: 'identity',
    help: 'file of fingerprints, serials, subjects and URIs that are kept out',
  },

  // Protocol
  helloTimeout: {
    kind: 'duration',
    default: '10s',
    min: 10,
    max: HOUR,
    group: 'protocol',
    help: 'time for the CONN:HELLO',
  },
  helloMaxBytes: {
    kind: 'bytes',
    default: '16KiB',
    min: 128,
    max: MIB,
    group: 'protocol',
    help: 'size of the CONN:HELLO',
  },
  pingInterval: {
    kind: 'duration',
    default: '10s',
    min: 20,
    max: HOUR,
    group: 'protocol',
    help: 'time between two pings of one peer',
  },
  pingTimeout: {
    kind: 'duration',
    default: '10s',
    min: 20,
    max: HOUR,
    notAbove: 'pingInterval',
    group: 'protocol',
    help: 'time for the pong; where only the time between two pings is set, no longer than that',
  },
  probeTimeout: {
    kind: 'duration',
    default: '2s',
    min: 10,
    max: HOUR,
    group: 'protocol',
    help: 'time that a sitting peer has to answer, or to take some of the bytes that wait for it, when a newcomer contests its seat',
  },
  waitTimeout: {
    kind: 'duration',
    default: '0s',
    min: 0,
    max: 24 * HOUR,
    group: 'protocol',
    help: 'time that a peer may wait alone; 0s: for ever',
  },
  stallTimeout: {
    kind: 'duration',
    default: '30s',
    min: 20,
    max: HOUR,
    group: 'protocol',
    help: 'time for which the bytes waiting for a peer may stand without shrinking; that of the pong where the peer is not heard either',
  },
  closeTimeout: {
    kind: 'duration',
    default: '2s',
    min: 10,
    max: HOUR,
    group: 'protocol',
    help: 'time for the answer to a close frame',
  },

  // Limits
  maxConnections: {
    kind: 'count',
    default: '15000',
    min: 2,
    max: 1_000_000,
    group: 'limits',
    help: 'connections at one time, those twice that are handed on to another replica; the last tenth is for certificates that hold less than a hundredth',
  },
  maxSessions: {
    kind: 'count',
    default: '10000',
    min: 1,
    max: 1_000_000,
    group: 'limits',
    help: 'meetups, waiting and paired, at one time; the last tenth is for certificates that opened less than a hundredth',
  },
  maxConnectionsPerIdentity: {
    kind: 'count',
    default: '10000',
    min: 1,
    max: 1_000_000,
    group: 'limits',
    help: 'connections of one certificate, or of all those of one SPIFFE id, at one time, where the policy says nothing',
  },
  connectRate: {
    kind: 'count',
    default: '500',
    min: 1,
    max: 1_000_000,
    group: 'limits',
    help: 'new connections a second of one certificate, or of all those of one SPIFFE id',
  },
  connectBurst: {
    kind: 'count',
    default: '2000',
    min: 1,
    max: 1_000_000,
    group: 'limits',
    help: 'new connections of one certificate, or of all those of one SPIFFE id, at once, after a quiet time',
  },
  maxGreetingsPerIdentity: {
    kind: 'count',
    default: '2000',
    min: 1,
    max: 1_000_000,
    group: 'limits',
    help: 'connections of one certificate, or of all those of one SPIFFE id, that owe their HELLO',
  },
  maxMessageBytes: {
    kind: 'bytes',
    default: '4MiB',
    min: 1024,
    max: 256 * MIB,
    group: 'limits',
    help: 'size of one message',
  },
  messageTimeout: {
    kind: 'duration',
    default: '5m',
    min: 20,
    max: 24 * HOUR,
    group: 'limits',
    help: 'time for the whole of one message, not counting that in which its sender is not read; 4MiB in 5m are 112 kbit/s',
  },
  maxFragments: {
    kind: 'count',
    default: '1024',
    min: 1,
    max: 65_536,
    group: 'limits',
    help: 'fragments of one message',
  },
  highMark: {
    kind: 'bytes',
    default: '1MiB',
    min: 1024,
    max: 256 * MIB,
    group: 'limits',
    help: 'bytes waiting for one peer above which the other is not read',
  },
  lowMark: {
    kind: 'bytes',
    default: '256KiB',
    min: 0,
    max: 256 * MIB,
    group: 'limits',
    help: 'bytes waiting for one peer at which the other is read again',
  },
  memoryBudget: {
    kind: 'bytes',
    default: '1GiB',
    min: MIB,
    max: 1024 * 1024 * MIB,
    group: 'limits',
    help: 'bytes that wait for all peers, and that have come of messages in part; from four fifths of it on the peer that holds most, of the certificate that holds most, is shed first',
  },

  // Drain
  drainDeadline: {
    kind: 'duration',
    default: '20s',
    min: 0,
    max: HOUR,
    group: 'drain',
    help: 'time for invocations in flight to finish',
  },
  drainBatch: {
    kind: 'count',
    default: '20',
    min: 1,
    max: 1_000_000,
    group: 'drain',
    help: 'sessions closed in one batch',
  },
  drainInterval: {
    kind: 'duration',
    default: '20ms',
    min: 10,
    max: HOUR,
    group: 'drain',
    help: 'time between two batches',
  },
  drainSpread: {
    kind: 'duration',
    default: '5s',
    min: 0,
    max: HOUR,
    group: 'drain',
    help: 'peers are told to come back after a random time of up to this',
  },

  // Several replicas
  nats: {
    kind: 'list',
    default: '',
    item: {
      pattern: /^(?:nats|tls):\/\/[^/?#@,\s]+$/i,
      fault: 'an item is nats://HOST:PORT or tls://HOST:PORT, without a user: give that with --nats-user-file',
    },
    group: 'replicas',
    help: 'servers of NATS, separated by commas, through which replicas agree who serves which meetup; without any this replica is alone',
  },
  natsCreds: {
    kind: 'text',
    group: 'replicas',
    help: 'credentials file of a user of NATS, as nsc writes it; read again at each connection',
  },
  natsUserFile: {
    kind: 'text',
    group: 'replicas',
    help: 'file of two lines, the user of NATS and its password; read again at each connection',
  },
  natsCa: { kind: 'text', group: 'replicas', help: 'CA file that the certificate of NATS must be signed by' },
  natsCert: { kind: 'text', group: 'replicas', help: 'certificate file by which NATS knows this replica' },
  natsKey: { kind: 'text', group: 'replicas', help: 'key file of that certificate' },
  natsReplicas: {
    kind: 'count',
    default: '1',
    min: 1,
    max: 5,
    group: 'replicas',
    help: 'servers of NATS that hold each stream, where this replica makes it: 1 for one server, 3 where one may be lost',
  },
  natsStorage: {
    kind: 'choice',
    default: 'file',
    choices: ['file', 'memory'],
    group: 'replicas',
    help: 'where NATS holds a stream that this replica makes; what is in memory is gone when its servers restart',
  },
  clusterName: {
    kind: 'text',
    default: 'wsp',
    item: {
      pattern: /^[a-z][a-z0-9-]{0,31}$/,
      fault: 'it is no lower-case letter and up to 31 letters, digits and -',
    },
    group: 'replicas',
    help: 'name of the fleet: what begins its subjects and streams, so that several can share a NATS',
  },
  clusterLost: {
    kind: 'choice',
    default: 'keep',
    choices: ['keep', 'end'],
    group: 'replicas',
    help: 'what becomes of pairs while this replica may count as dead, as without NATS: they go on, or end',
  },
  clusterRenew: {
    kind: 'duration',
    default: '2s',
    min: 100,
    max: HOUR,
    group: 'replicas',
    help: 'time between two renewals of the record by which the others know that this replica lives',
  },
  clusterSelf: {
    kind: 'duration',
    default: '5s',
    min: 200,
    max: HOUR,
    group: 'replicas',
    help: 'time without a renewal after which this replica makes no pair; at least --cluster-renew and 1.5s',
  },
  clusterDead: {
    kind: 'duration',
    default: '8s',
    min: 400,
    max: HOUR,
    group: 'replicas',
    help: 'time without a renewal after which the others may declare this replica dead; above --cluster-self and --cluster-renew together',
  },
  hopListen: {
    kind: 'text',
    group: 'replicas',
    help: 'where the other replicas hand on peers: unix:PATH (mode 0600), or HOST:PORT on loopback or with --hop-cert, --hop-key, --hop-ca and --hop-name; required with --nats',
  },
  advertise: {
    kind: 'text',
    group: 'replicas',
    help: 'address of --hop-listen as the others dial it: unix:PATH or HOST:PORT; the same when absent',
  },
  hopCert: {
    kind: 'text',
    group: 'replicas',
    help: 'certificate file of this replica, as server and as client of the others; it, its key and the CA file are taken up when they are replaced',
  },
  hopKey: { kind: 'text', group: 'replicas', help: 'key file of that certificate' },
  hopCa: { kind: 'text', group: 'replicas', help: 'CA file that the certificates of the others must be signed by' },
  hopName: { kind: 'text', group: 'replicas', help: 'DNS or URI SAN that the certificates of the others must carry' },
  hopDial: {
    kind: 'duration',
    default: '1s',
    min: 10,
    max: HOUR,
    group: 'replicas',
    help: 'time for the connection to another replica',
  },
  hopAnswer: {
    kind: 'duration',
    default: '2500ms',
    min: 20,
    max: HOUR,
    group: 'replicas',
    help: 'time for the answer of another replica; above --probe-timeout',
  },
  placing: {
    kind: 'duration',
    default: '4s',
    min: 30,
    max: EDGE_TRY - 1,
    group: 'replicas',
    help: 'time to find out which replica serves a newcomer; at least --hop-dial and --hop-answer together, and below the 5s after which the edge tries another',
  },

  // Telemetry
  invocations: {
    kind: 'flag',
    default: 'true',
    group: 'telemetry',
    help: 'read relayed envelopes, so that REST invocations are counted, traced and waited for by a drain; false: the relay looks at no message',
  },
  invocationTimeout: {
    kind: 'duration',
    default: '60s',
    min: 10,
    max: HOUR,
    group: 'telemetry',
    help: 'time for which the response to a request is waited for, before the invocation counts as timed out; the message itself is never dropped',
  },
  maxInvocationsPerSession: {
    kind: 'count',
    default: '1024',
    min: 1,
    max: 1_000_000,
    group: 'telemetry',
    help: 'invocations of one session that are followed at one time; more are relayed, but not matched',
  },
  maxInvocations: {
    kind: 'count',
    default: '100000',
    min: 1,
    max: 10_000_000,
    group: 'telemetry',
    help: 'invocations of all sessions that are followed at one time',
  },
  traceRoutes: {
    kind: 'list',
    default: '',
    group: 'telemetry',
    help: 'path templates that name spans and label metrics, such as /micronets/v1/gateway/{gateway}, separated by commas; other paths give no route',
  },
  traceInject: {
    kind: 'flag',
    default: 'false',
    group: 'telemetry',
    help: 'put the traceparent of the recorded span into the forwarded request: the one change that a message can suffer',
  },
  traceTrustParent: {
    kind: 'flag',
    default: 'true',
    group: 'telemetry',
    help: 'a request’s own traceparent is the parent of its span; false: a trace of its own that links to it',
  },
  traceClientSpans: {
    kind: 'flag',
    default: 'false',
    group: 'telemetry',
    help: 'make a CLIENT span inside each SERVER span, for service graphs',
  },
  traceEvents: { kind: 'flag', default: 'false', group: 'telemetry', help: 'make a span of each EVENT message too' },
  traceLink: {
    kind: 'text',
    item: {
      pattern: TRACE_LINK,
      fault:
        'it is no http or https URL with {trace_id} behind its host, such as https://jaeger.example.com/trace/{trace_id}',
    },
    group: 'telemetry',
    help: 'where a trace is shown, with {trace_id} in place of its id: Jaeger https://HOST/trace/{trace_id}, Tempo and others by the URL that Grafana Explore has when it shows one; `ws-proxy trace`, `calls` and the page link there',
  },
  logLevel: {
    kind: 'choice',
    default: 'info',
    choices: LOG_THRESHOLDS,
    group: 'telemetry',
    help: 'what is logged; changeable at run time',
  },
  logFormat: {
    kind: 'choice',
    default: 'auto',
    choices: LOG_FORMATS,
    group: 'telemetry',
    help: 'auto: text on a terminal, JSON elsewhere',
  },
  historyMemory: {
    kind: 'bytes',
    default: '64MiB',
    min: 0,
    max: 64 * 1024 * MIB,
    group: 'telemetry',
    help: 'memory for what happened at each meetup, which `ws-proxy history` shows, some 2 KiB for each that is in use and the rest for its past; shared fairly, the oldest of the busiest goes first; 0: nothing is remembered',
  },
  auditLog: {
    kind: 'text',
    group: 'telemetry',
    help: 'file of the audit log, one JSON line an act; - for standard output',
  },
} as const satisfies Record<string, OptionRow>;

type Table = typeof options;
export type OptionKey = keyof Table;

type ValueOf<R> = R extends { kind: 'count' | 'duration' | 'bytes' }
  ? number
  : R extends { kind: 'flag' }
    ? boolean
    : R extends { kind: 'choice'; choices: readonly (infer C)[] }
      ? C
      : R extends { kind: 'list' }
        ? readonly string[]
        : R extends { default: string }
          ? string
          : string | undefined;

/** The options as values: durations in milliseconds, sizes in bytes. */
export type Config = { readonly [K in OptionKey]: ValueOf<Table[K]> };

/** `maxConnections` → `max-connections`: the flag without its dashes, and the key of the file. */
export function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `maxConnections` → `WS_PROXY_MAX_CONNECTIONS`. */
export function variableOf(key: string): string {
  return `WS_PROXY_${flagOf(key).replaceAll('-', '_').toUpperCase()}`;
}
