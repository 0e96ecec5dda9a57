import { type Command, InvalidArgumentError, Option } from 'commander';
import { isLocalhost } from '../proxy/transport/dial/localhost.js';
import { count, duration, size } from '../proxy/values/argument.js';
import { writeDuration } from '../proxy/values/duration.js';
import { isClaim, MAX_CLAIM_CHARS } from '../proxy/wire/hello.js';
import { bridgeDefaults, DEFAULT_MAX_BODY, DEFAULT_MAX_MESSAGE, DEFAULT_TIMEOUT_MS, defaultLimits } from './limits.js';
import { manyFault, withMany } from './many/options.js';
import { meetupUrlFault } from './meetup-url.js';
import { parseUpstream, type UpstreamAddress } from './upstream-address.js';

/** A time for which somebody waits, and one that may be none; in milliseconds. */
const waitTime = duration({ min: 1, max: 3_600_000, plainSeconds: true });
const holdTime = duration({ min: 0, max: 3_600_000, plainSeconds: true });
/** A larger number is a slip of the keyboard. */
const MAX_QUANTITY = 2 ** 31;

/** Milliseconds: for the peer under check to come, and of the silence after which it must be there, two pings of the proxy and more. */
const PATIENCE_MS = 60_000;
const SILENCE_MS = 25_000;
/** Milliseconds that it has for an answer. */
const CHECK_TIMEOUT_MS = 10_000;

/** Adds `ws-proxy peer bridge|gateway|interactive|check`. */
export function register(program: Command): void {
  const peer = program.command('peer').description('be one of the two peers of a meetup');

  const bridge = peer
    .command('bridge')
    .description('an HTTP server whose requests the other peer answers')
    .requiredOption('--listen <[host:]port>', 'where to serve HTTP; loopback when no host is given', listenAddress);
  withHttp(withDoors(withConnection(bridge)), 'time the other peer has for a response')
    .option(
      '--max-in-flight <count>',
      'HTTP requests worked on at one time',
      count({ max: MAX_QUANTITY }),
      bridgeDefaults.maxInFlight,
    )
    .addOption(
      timeOption(
        '--hold <time>',
        'time that a request waits while the proxy restarts; 0: none waits',
        bridgeDefaults.hold,
        holdTime,
      ),
    )
    .option(
      '--max-held <count>',
      'HTTP requests that wait for that, beside those in flight',
      count({ max: MAX_QUANTITY }),
      bridgeDefaults.maxHeld,
    )
    .option(
      '--trace-ratio <share>',
      'share, from 0 to 1, of the requests without a traceparent whose new one is marked as sampled',
      share,
      1,
    );
  withMany(bridge).action(async (flags, command: Command) => {
    const fault = manyFault(command);
    if (fault !== undefined) command.error(`error: ${fault}`);
    if (flags.many === true) await (await import('./many/run-many.js')).runManyBridge(flags);
    else await (await import('./run.js')).runBridge(flags);
  });

  const gateway = peer
    .command('gateway')
    .description("answers the other peer's requests from an HTTP API")
    .requiredOption('--upstream <url>', 'the HTTP API, or unix:SOCKET[:/PATH]; requests stay below its path', upstream)
    .option('--upstream-ca <file>', 'PEM file of the CA that signed the certificate of an https:// API');
  withHttp(withConnection(gateway), 'time the HTTP API has for a response')
    .option(
      '--concurrency <count>',
      'requests passed to the HTTP API at one time; more are answered 503',
      count({ max: MAX_QUANTITY }),
      defaultLimits.concurrent,
    )
    .action(async (flags, command: Command) => {
      if (flags.upstreamCa !== undefined && flags.upstream.url.protocol !== 'https:') {
        command.error("error: option '--upstream-ca' is for an --upstream that starts with https://");
      }
      const { runGateway } = await import('./run.js');
      await runGateway(flags);
    });

  const interactive = peer
    .command('interactive')
    .description('prints what arrives and sends the JSON typed on standard input, one message a line')
    .option('--listen <[host:]port>', 'also serve HTTP, as the bridge does', listenAddress);
  withHttp(withDoors(withConnection(interactive)), 'time the other peer has for a response, with --listen').action(
    async (flags) => {
      const { runInteractive } = await import('./run.js');
      await runInteractive(flags);
    },
  );

  registerCheck(peer);
}

function registerCheck(peer: Command): void {
  const check = peer
    .command('check')
    .description('plays the other side of a peer that you write, and judges it; exit code 1: it has a fault')
    .option('--path <path>', 'path of the requests; any status is an answer', requestPath, '/');
  withConnection(check)
    .addOption(timeOption('--timeout <time>', 'time the peer has for an answer', CHECK_TIMEOUT_MS))
    .addOption(timeOption('--patience <time>', 'time the peer has to come, and to come back', PATIENCE_MS))
    .addOption(timeOption('--silence <time>', 'silence after which it must still be there', SILENCE_MS))
    .addOption(new Option('-o, --output <form>', 'form of the verdicts').choices(['table', 'json']).default('table'))
    .action(async (flags) => {
      const { runCheck } = await import('./check/run-check.js');
      await runCheck(flags);
    });
}

function timeOption(flag: string, what: string, preset: number, read = waitTime): Option {
  return new Option(flag, what).default(preset, writeDuration(preset)).argParser(read);
}

function requestPath(text: string): string {
  if (!text.startsWith('/') || /[?#\s]/.test(text))
    throw new InvalidArgumentError('It must start with / and have no query.');
  return text;
}

function withConnection(command: Command): Command {
  return command
    .requiredOption('--url <url>', 'where both peers meet: wss://HOST:5050/micronets/v1/ws-proxy/MEETUP', peerUrl)
    .requiredOption('--cert <file>', 'PEM file of the client certificate, or of certificate and key (*.pkeycert.pem)')
    .option('--key <file>', 'PEM file of the key, where it is not in the file of the certificate')
    .requiredOption('--ca <file>', "PEM file of the CA that signed the proxy's certificate")
    .option(
      '--servername <name>',
      "name or address that the proxy's certificate carries, where it is not the URL's host",
    )
    .option('--peer-class <text>', 'what kind of peer this is, for the other one (default: ws-proxy-peer-…)', claim)
    .option('--peer-id <text>', 'which one it is (default: host name and process id)', claim)
    .option(
      '--max-message <bytes>',
      "largest message sent; not above the proxy's --max-message-bytes",
      size({ max: MAX_QUANTITY }),
      DEFAULT_MAX_MESSAGE,
    );
}

/** See {@link CallerRules}. */
function withDoors(command: Command): Command {
  return command
    .option(
      '--allow-host <name...>',
      'serve HTTP under this name too; where --listen is no loopback, under these names only',
      hostName,
    )
    .option(
      '--allow-origin <origin...>',
      'serve web pages of this origin (http://localhost:3000), or of every: *',
      origin,
    );
}

function withHttp(command: Command, what: string): Command {
  return command
    .addOption(timeOption('--timeout <time>', what, DEFAULT_TIMEOUT_MS))
    .option('--max-body <bytes>', 'largest HTTP body', size({ max: MAX_QUANTITY }), DEFAULT_MAX_BODY);
}

function peerUrl(text: string): string {
  const fault = meetupUrlFault(text);
  if (fault !== undefined) throw new InvalidArgumentError(fault);
  return text;
}

function upstream(text: string): UpstreamAddress {
  const address = parseUpstream(text);
  if (typeof address === 'string') throw new InvalidArgumentError(address);
  return address;
}

function parsed(text: string): URL {
  if (!URL.canParse(text)) throw new InvalidArgumentError('It is not a URL.');
  return new URL(text);
}

function listenAddress(text: string): { host: string; port: number } {
  const [, six, host, digits] = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535)
    throw new InvalidArgumentError('It must be PORT or HOST:PORT, 0 to 65535.');
  // Few systems resolve the names below `localhost`.
  const named = host !== undefined && isLocalhost(host) ? 'localhost' : host;
  return { host: six ?? named ?? '127.0.0.1', port };
}

function share(text: string): number {
  const value = /^(?:0|1|[01]?\.\d{1,9})$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1, such as 0.05.');
  return value;
}

function hostName(text: string, before: readonly string[] = []): string[] {
  if (!/^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*)$/i.test(text)) {
    throw new InvalidArgumentError('It must be a name or an address alone, such as bridge.example.');
  }
  return [...before, text.toLowerCase()];
}

function origin(text: string, before: readonly string[] = []): string[] {
  if (text === '*' || text === 'null') return [...before, text];
  const url = parsed(text);
  if (!/^https?:$/.test(url.protocol) || url.origin !== text.toLowerCase().replace(/\/$/, '')) {
    throw new InvalidArgumentError('It must be http(s)://HOST[:PORT] alone, as a browser writes it, or *.');
  }
  return [...before, url.origin];
}

function claim(text: string): string {
  if (!isClaim(text)) throw new InvalidArgumentError(`It must have 1 to ${MAX_CLAIM_CHARS} characters.`);
  return text;
}
