import { Argument, type Command, Option } from 'commander';
import { ROLES, type Role } from '../proxy/cluster/nats/permissions.js';
import { flagOf, type OptionKey, options } from '../proxy/config/options.js';
import { waitTime } from '../proxy/values/argument.js';
import { type OutputFlags, withOutput } from './output.js';
import { type Terminal, terminal } from './terminal.js';

/** The flags as commander gives them: those of `serve` that say where NATS is, as they were written. */
export type ClusterFlags = OutputFlags & {
  readonly config?: string;
  /** Milliseconds. */
  readonly timeout: number;
} & Partial<Record<ReachKey, string>>;

/** The options of `serve` by which NATS is reached. */
const REACH = ['nats', 'natsCreds', 'natsUserFile', 'natsCa', 'natsCert', 'natsKey', 'clusterName'] as const;
/** Those by which streams are made. */
const FOUND = ['natsReplicas', 'natsStorage'] as const;
type ReachKey = (typeof REACH)[number] | (typeof FOUND)[number];

/** Adds `ws-proxy cluster`: what several replicas have in NATS. */
export function register(program: Command, io: Terminal = terminal): void {
  const cluster = program.command('cluster').description('what several replicas have in NATS');
  withNats(cluster.command('init'), [...REACH, ...FOUND])
    .description('make the streams, or alter them to what they must be; what is in them stays')
    .action(async (flags: ClusterFlags) => {
      const { init } = await import('./cluster-run.js');
      await init(flags, io);
    });
  withNats(cluster.command('status'), REACH)
    .description('show streams, replicas and their claims, and what was left behind')
    .action(async (flags: ClusterFlags) => {
      const { status } = await import('./cluster-run.js');
      await status(flags, io);
    });
  cluster
    .command('permissions')
    .description('print what a user of the fleet may do, for the configuration of a NATS server')
    .addArgument(new Argument('<who>', 'who the user is').choices(ROLES))
    .addOption(optionOf('clusterName').env('WS_PROXY_CLUSTER_NAME').default(options.clusterName.default))
    .action(async (who: Role, { clusterName }: { readonly clusterName: string }) => {
      const { permissions } = await import('./cluster-run.js');
      permissions(who, clusterName, io);
    });
}

function withNats(command: Command, keys: readonly ReachKey[]): Command {
  command.option('--config <file>', 'YAML file of the service’s options, for what no flag says (WS_PROXY_CONFIG)');
  for (const key of keys) command.addOption(optionOf(key));
  return withOutput(
    command.addOption(new Option('--timeout <time>', 'longest wait for NATS').argParser(waitTime).default(5_000, '5s')),
  ).addHelpText('after', '\nVariables of serve count here too: WS_PROXY_NATS and the others.');
}

function optionOf(key: OptionKey): Option {
  return new Option(`--${flagOf(key)} <${options[key].kind}>`, options[key].help);
}
