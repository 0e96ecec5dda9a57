import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { options } from '../proxy/config/options.js';
import { parseValue } from '../proxy/config/value.js';
import { count, duration, port } from '../proxy/values/argument.js';
import { faultOfPrefix, MEETUP_PREFIX } from '../proxy/wire/path.js';
import { registerFollow } from './follow-command.js';
import { REPLICA_FORM, type Replica } from './replica.js';
import { collectReplica, format, registerReplicas } from './replicas-command.js';
import {
  DEFAULT_HANDSHAKE_TIMEOUT,
  DEFAULT_MAX_CONNECTIONS,
  type FleetSettings,
  openFilesFor,
  type ReplicaTls,
  SettingsError,
} from './settings.js';

/** The flags as commander gives them. */
interface RenderFlags {
  readonly dir: string;
  readonly address: string;
  readonly pathPrefix: string;
  readonly peersPort: number;
  readonly controlPort: number;
  readonly adminPort: number;
  readonly statsPort?: number;
  readonly statsNames?: readonly string[];
  readonly maxConnections: number;
  /** Milliseconds. */
  readonly handshakeTimeout: number;
  readonly proxyProtocol?: boolean;
  readonly serverCert: string;
  readonly serverKey: string;
  readonly clientCa: string;
  readonly clientCrl?: string;
  readonly serviceSocket: string;
  readonly controlSocket: string;
  readonly replica?: readonly Replica[];
  readonly fleet?: boolean;
  readonly replicaCert?: string;
  readonly replicaKey?: string;
  readonly replicaCa?: string;
  readonly replicaName?: string;
  /** False after `--no-control-json`. */
  readonly controlJson: boolean;
  readonly output: 'text' | 'json';
}

const handshakeTime = duration({ min: 1_000, max: 24 * 3_600_000, plainSeconds: true });

/** Adds `ws-proxy envoy render`, by which installations get the files that the tests run. */
export function register(program: Command): void {
  const envoy = program
    .command('envoy')
    .description('the configuration of Envoy, which stands in front of the service');
  envoy
    .command('render')
    .description("write Envoy's configuration; a running Envoy takes it up. Prints the path of the bootstrap")
    .requiredOption('--dir <path>', 'folder that the files go to')
    .requiredOption('--server-cert <file>', 'certificate of both listeners, PEM')
    .requiredOption('--server-key <file>', 'its key, in the same folder')
    .requiredOption('--client-ca <file>', "who signed the peers' and operators' certificates, PEM")
    .option('--client-crl <file>', 'revocation lists, PEM: the copy that serve makes (--crl-stage)')
    .option('--address <ip>', 'address of the listeners, :: for both families', '0.0.0.0')
    .addOption(
      new Option('--path-prefix <path>', '--path-prefix of serve: what stands before the meetup id')
        .default(MEETUP_PREFIX)
        .env('WS_PROXY_PATH_PREFIX')
        .argParser(prefix),
    )
    .option('--peers-port <port>', 'port of the peers', port, 5050)
    .option('--control-port <port>', 'port of the control API', port, 5051)
    .option('--admin-port <port>', 'admin port, on loopback', port, 9901)
    .option('--stats-port <port>', 'port of /stats/prometheus and /ready on the same address (default: none)', port)
    .option('--stats-names <names>', 'further names of this host for its scraper; as --metrics-names of serve', names)
    .option(
      '--max-connections <count>',
      'peers at one time; keep it above that of serve',
      count({ max: 9_999_999 }),
      DEFAULT_MAX_CONNECTIONS,
    )
    .addOption(
      new Option('--handshake-timeout <time>', 'time from the connection of a peer to the end of its TLS handshake')
        .default(DEFAULT_HANDSHAKE_TIMEOUT * 1000, `${DEFAULT_HANDSHAKE_TIMEOUT}s`)
        .argParser(handshakeTime),
    )
    .option(
      '--proxy-protocol',
      'peers come through what says in a PROXY header who dialled; nobody else may reach their port',
    )
    .option('--service-socket <path>', '--listen of serve, without unix:', '/run/ws-proxy/proxy.sock')
    .option('--control-socket <path>', '--control-listen of serve, without unix:', '/run/ws-proxy/control.sock')
    .option(
      '--replica <replica>',
      `one of several replicas, in the place of the two sockets: ${REPLICA_FORM}, an ADDRESS being unix:PATH or IP:PORT; repeatable`,
      collectReplica,
    )
    .option('--fleet', 'several replicas: those that envoy replicas has put there, none at first')
    .option('--replica-cert <file>', 'certificate that Envoy shows to replicas at IP:PORT, PEM')
    .option('--replica-key <file>', 'its key, in the same folder')
    .option('--replica-ca <file>', "who signed the replicas' certificates, PEM")
    .option('--replica-name <name>', 'DNS or URI SAN that each of them has')
    .option('--no-control-json', 'gRPC only on the control port, no JSON over HTTP')
    .option('-o, --output <format>', 'how to print: text or json', format, 'text')
    .addHelpText(
      'after',
      '\nThe edge sends its spans to OTEL_EXPORTER_OTLP_ENDPOINT, over plain HTTP, when that is set.',
    )
    .action(render);
  registerReplicas(envoy);
  registerFollow(envoy);
}

async function render(flags: RenderFlags, command: Command): Promise<void> {
  const { renderEdge } = await import('./render.js');
  const { tracesUrlFrom } = await import('./traces-url.js');
  const tracesUrl = tracesUrlFrom(process.env);
  const fleet = fleetOf(flags, command);
  const bootstrap = await renderEdge({
    configDir: resolve(flags.dir),
    address: flags.address,
    pathPrefix: flags.pathPrefix,
    peersPort: flags.peersPort,
    controlPort: flags.controlPort,
    adminPort: flags.adminPort,
    ...(flags.statsPort !== undefined && { statsPort: flags.statsPort }),
    ...(flags.statsNames !== undefined && { statsNames: flags.statsNames }),
    maxConnections: flags.maxConnections,
    handshakeTimeout: Math.ceil(flags.handshakeTimeout / 1000),
    ...(flags.proxyProtocol === true && { proxyProtocol: true }),
    serverCertificate: resolve(flags.serverCert),
    serverKey: resolve(flags.serverKey),
    clientCa: resolve(flags.clientCa),
    ...(flags.clientCrl !== undefined && { clientCrl: resolve(flags.clientCrl) }),
    ...(fleet && { fleet }),
    serviceSocket: resolve(flags.serviceSocket),
    controlSocket: resolve(flags.controlSocket),
    controlJson: flags.controlJson,
    ...(tracesUrl && { tracesUrl }),
  });
  await warnOfFiles(flags.maxConnections);
  console.log(flags.output === 'json' ? JSON.stringify({ bootstrap }) : bootstrap);
}

/** The replicas that the flags name; undefined for one service alone. */
function fleetOf(flags: RenderFlags, command: Command): FleetSettings | undefined {
  const tls = tlsOf(flags);
  if (flags.replica === undefined && flags.fleet !== true) {
    if (tls === undefined) return undefined;
    throw new SettingsError('--replica-…: these files are for several replicas: give --replica for each, or --fleet');
  }
  for (const [option, flag] of [
    ['serviceSocket', '--service-socket'],
    ['controlSocket', '--control-socket'],
  ] as const) {
    if (command.getOptionValueSource(option) !== 'cli') continue;
    throw new SettingsError(`${flag} is for one service alone: with several, each --replica names its addresses`);
  }
  return { ...(flags.replica && { replicas: flags.replica }), ...(tls && { tls }) };
}

function tlsOf({ replicaCert, replicaKey, replicaCa, replicaName }: RenderFlags): ReplicaTls | undefined {
  const given = [replicaCert, replicaKey, replicaCa, replicaName].filter((one) => one !== undefined);
  if (given.length === 0) return undefined;
  if (replicaCert === undefined || replicaKey === undefined || replicaCa === undefined || replicaName === undefined) {
    throw new SettingsError('--replica-cert, --replica-key, --replica-ca and --replica-name are given together');
  }
  const [certificate, key, ca] = [resolve(replicaCert), resolve(replicaKey), resolve(replicaCa)];
  return { certificate, key, ca, name: replicaName };
}

/** The files are most often rendered where Envoy is started, under the same limits. */
async function warnOfFiles(maxConnections: number): Promise<void> {
  const { HOW_TO_RAISE, systemLimits } = await import('../proxy/door/open-files.js');
  const { openFiles } = systemLimits();
  const needed = openFilesFor(maxConnections);
  if (openFiles === undefined || openFiles >= needed) return;
  console.error(
    `warning: Envoy needs ${needed} open files for --max-connections ${maxConnections}, and here the limit is ${openFiles}: ` +
      `where it starts, allow as many (${HOW_TO_RAISE})`,
  );
}

function names(text: string): readonly string[] {
  const parsed = parseValue(options.metricsNames, text);
  if ('ok' in parsed) return parsed.ok as readonly string[];
  throw new InvalidArgumentError(`${parsed.fault}.`);
}

function prefix(text: string): string {
  const fault = faultOfPrefix(text);
  if (fault === undefined) return text;
  throw new InvalidArgumentError(`Give a path such as ${MEETUP_PREFIX}: ${fault}.`);
}
