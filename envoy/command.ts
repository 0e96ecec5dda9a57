import { type Command, InvalidArgumentError, Option } from 'commander';
import { options } from '../proxy/config/options.js';
import { parseValue } from '../proxy/config/value.js';
import { count, duration, port } from '../proxy/values/argument.js';
import { faultOfPrefix, MEETUP_PREFIX } from '../proxy/wire/path.js';
import { DEFAULT_HANDSHAKE_TIMEOUT, DEFAULT_MAX_CONNECTIONS, openFilesFor } from './settings.js';

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
  readonly serverCert: string;
  readonly serverKey: string;
  readonly clientCa: string;
  readonly clientCrl?: string;
  readonly serviceSocket: string;
  readonly controlSocket: string;
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
    .option('--service-socket <path>', '--listen of serve, without unix:', '/run/ws-proxy/proxy.sock')
    .option('--control-socket <path>', '--control-listen of serve, without unix:', '/run/ws-proxy/control.sock')
    .option('--no-control-json', 'gRPC only on the control port, no JSON over HTTP')
    .option('-o, --output <format>', 'how to print: text or json', format, 'text')
    .addHelpText(
      'after',
      '\nThe edge sends its spans to OTEL_EXPORTER_OTLP_ENDPOINT, over plain HTTP, when that is set.',
    )
    .action(render);
}

async function render(flags: RenderFlags): Promise<void> {
  const { resolve } = await import('node:path');
  const { renderEdge } = await import('./render.js');
  const { tracesUrlFrom } = await import('./traces-url.js');
  const tracesUrl = tracesUrlFrom(process.env);
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
    serverCertificate: resolve(flags.serverCert),
    serverKey: resolve(flags.serverKey),
    clientCa: resolve(flags.clientCa),
    ...(flags.clientCrl !== undefined && { clientCrl: resolve(flags.clientCrl) }),
    serviceSocket: resolve(flags.serviceSocket),
    controlSocket: resolve(flags.controlSocket),
    controlJson: flags.controlJson,
    ...(tracesUrl && { tracesUrl }),
  });
  await warnOfFiles(flags.maxConnections);
  console.log(flags.output === 'json' ? JSON.stringify({ bootstrap }) : bootstrap);
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

function format(text: string): RenderFlags['output'] {
  if (text === 'text' || text === 'json') return text;
  throw new InvalidArgumentError('Give text or json.');
}
