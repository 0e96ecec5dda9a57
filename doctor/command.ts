import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Terminal, terminal } from '../admin/terminal.js';
import { waitTime } from '../proxy/values/argument.js';
import { faultOfPrefix, MEETUP_PREFIX } from '../proxy/wire/path.js';
import type { View } from './finding.js';

/** The flags as commander gives them. */
export interface DoctorFlags {
  readonly as?: View;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly servername?: string;
  readonly control?: string;
  readonly controlCert?: string;
  readonly controlKey?: string;
  readonly policy?: string;
  readonly crl?: string;
  readonly crlCa?: string;
  readonly denyList?: string;
  readonly pathPrefix: string;
  readonly config?: string;
  readonly metrics?: string;
  readonly envoyAdmin?: string;
  readonly logs?: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly output: 'text' | 'json';
}

/** Adds `ws-proxy doctor`. Exit codes: 0 no fault, 1 a fault, 2 not understood. */
export function register(program: Command, io: Terminal = terminal): void {
  program
    .command('doctor')
    .description('looks for what is wrong, from a peer’s, an operator’s or the proxy host’s place, and changes nothing')
    .argument('[url]', 'wss://… as a peer dials it, or https://HOST:5051 of the control API; without it: all of .run')
    .addOption(
      new Option('--as <view>', 'from whose place (default: by the URL)').choices(['peer', 'operator', 'host']),
    )
    .option('--cert <file>', 'PEM file of the certificate, with its key or without (default: one of .run)')
    .option('--key <file>', 'PEM file of the key, where it is not in the file of the certificate')
    .option('--ca <file>', "PEM file of the CA of the proxy's certificate (default: root.cert.pem of .run)")
    .option('--servername <name>', "name or address that the proxy's certificate carries (default: the host)")
    .option('--control <host:port>', 'as a peer: have the control API there say what the policy answers')
    .option('--control-cert <file>', 'with --control: an operator’s certificate (default: admin.pkeycert.pem of .run)')
    .option('--control-key <file>', 'with --control: its key, where it is in another file')
    .option('--policy <file>', 'as a peer: answer from this policy file, without asking')
    .option('--crl <file>', 'with --policy: the revocation list')
    .option('--crl-ca <file>', 'with --policy: the CA that signed it')
    .option('--deny-list <file>', 'with --policy: the deny list')
    .addOption(
      new Option('--path-prefix <path>', '--path-prefix of serve')
        .default(MEETUP_PREFIX)
        .env('WS_PROXY_PATH_PREFIX')
        .argParser(prefix),
    )
    .option('--config <file>', 'as host: the YAML file of the service’s options (default: $WS_PROXY_CONFIG, else .run)')
    .option('--metrics <url>', 'as host: the address of the service’s metrics and probes')
    .option('--envoy-admin <url>', 'as host: the address of Envoy’s admin port')
    .option('--logs <folder...>', 'as host: folders of log files (default: log of .run)')
    .addOption(new Option('--timeout <time>', 'longest wait for each look').argParser(waitTime).default(5_000, '5s'))
    .addOption(new Option('-o, --output <format>', 'form of the report').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit codes: 0 no fault (there may be warnings), 1 a fault, 2 not understood.')
    .action(async (url: string | undefined, flags: DoctorFlags) => {
      const { doctor } = await import('./doctor-run.js');
      await doctor(url, flags, io);
    });
}

function prefix(text: string): string {
  const fault = faultOfPrefix(text);
  if (fault === undefined) return text;
  throw new InvalidArgumentError(`Give a path such as ${MEETUP_PREFIX}: ${fault}.`);
}
