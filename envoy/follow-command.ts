import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseListen } from '../proxy/door/listen-address.js';
import { duration } from '../proxy/values/argument.js';

interface FollowFlags {
  readonly dir: string;
  readonly srv: string;
  /** Milliseconds. */
  readonly every: number;
  readonly dns?: string;
  readonly crl?: string;
  readonly crlCa?: string;
  readonly crlStage?: string;
}

/** As long as name servers in Kubernetes keep an answer, a change takes longer than this anyhow. */
const EVERY_MS = 2_000;
const lookTime = duration({ min: 100, max: 3_600_000, plainSeconds: true });

/** Adds `ws-proxy envoy follow`, which runs beside an Envoy whose replicas are elsewhere. */
export function registerFollow(envoy: Command): void {
  envoy
    .command('follow')
    .description(
      'beside an Envoy in Kubernetes: keep its list of replicas at what the name servers tell of a headless Service',
    )
    .requiredOption('--dir <path>', 'folder of envoy render --fleet')
    .requiredOption('--srv <name>', 'the Service by its whole name; it has the ports peers, health and control')
    .addOption(
      new Option('--every <time>', 'time between two looks')
        .default(EVERY_MS, `${EVERY_MS / 1000}s`)
        .argParser(lookTime),
    )
    .option('--dns <address>', 'name server, IP:PORT (default: those of the system)', nameServer)
    .option('--crl <file>', 'revocation lists, PEM; each that is good is copied to --crl-stage, where Envoy reads it')
    .option('--crl-ca <file>', 'who signs them, PEM')
    .option('--crl-stage <file>', '--client-crl of envoy render')
    .action(run);
}

async function run(flags: FollowFlags): Promise<void> {
  const { Resolver } = await import('node:dns/promises');
  const { follow } = await import('./follow.js');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const lists = await stageLists(flags);
  const names = new Resolver({ timeout: 1_000, tries: 2 });
  if (flags.dns !== undefined) names.setServers([flags.dns]);
  try {
    await follow(
      { dir: resolve(flags.dir), service: flags.srv, names, every: flags.every, tell: console.log },
      stop.signal,
    );
  } finally {
    await lists?.close();
  }
}

/** Copies each revocation list that passes the checks of serve, since no serve runs beside this Envoy to do so. */
async function stageLists({ crl, crlCa, crlStage }: FollowFlags): Promise<{ close(): Promise<void> } | undefined> {
  if (crl === undefined && crlCa === undefined && crlStage === undefined) return undefined;
  const { SettingsError } = await import('./settings.js');
  if (crl === undefined || crlCa === undefined || crlStage === undefined) {
    throw new SettingsError('--crl, --crl-ca and --crl-stage are given together');
  }
  const { CrlFile } = await import('../proxy/policy/lists/crl-file.js');
  const { crlOptions } = await import('../proxy/door/guard.js');
  const tell = (why: string): void => console.error(`warning: ${why}`);
  return CrlFile.open(await crlOptions(crl, { crlCa, crlStage }), { changed: () => {}, refused: tell, waiting: tell });
}

function nameServer(text: string): string {
  const address = parseListen(text);
  if ('ok' in address && address.ok.t === 'tcp' && isIP(address.ok.host) !== 0) return text;
  throw new InvalidArgumentError('Give IP:PORT.');
}
