import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { formatReplica, parseReplica, REPLICA_FORM, type Replica, replicaAsText } from './replica.js';

interface ListFlags {
  readonly dir: string;
  readonly output: 'text' | 'json';
}

interface ChangeFlags {
  readonly dir: readonly string[];
}

/** Adds `ws-proxy envoy replicas`, which changes the list of replicas that a running Envoy knows. */
export function registerReplicas(envoy: Command): void {
  const replicas = envoy.command('replicas').description('the replicas behind Envoy; it takes a change up as it runs');
  replicas
    .command('list')
    .description('print them, in the form that add takes')
    .requiredOption('--dir <path>', 'folder of envoy render')
    .option('-o, --output <format>', 'how to print: text or json', format, 'text')
    .action(list);
  replicas
    .command('add')
    .description('add replicas; one of a name that is there takes its place. Newcomers get there once /readyz says 200')
    .argument('<replica...>', REPLICA_FORM, collectReplica)
    .requiredOption('--dir <path>', 'folder of envoy render; repeatable, for several Envoys', collect)
    .action(add);
  replicas
    .command('remove')
    .description('take replicas away: no newcomer gets there, and their websockets stay; ws-proxy drain ends those')
    .argument('<name...>', 'names of replicas')
    .requiredOption('--dir <path>', 'folder of envoy render; repeatable, for several Envoys', collect)
    .action(remove);
}

async function list({ dir, output }: ListFlags): Promise<void> {
  const { presentReplicas } = await import('./replicas.js');
  const present = await presentReplicas(resolve(dir));
  if (output === 'json') console.log(JSON.stringify(present.map(replicaAsText)));
  else for (const replica of present) console.log(formatReplica(replica));
}

async function add(more: readonly Replica[], { dir }: ChangeFlags): Promise<void> {
  const { changeReplicas, withReplicas } = await import('./replicas.js');
  for (const one of dir) await changeReplicas(resolve(one), (present) => withReplicas(present, more));
}

async function remove(names: readonly string[], { dir }: ChangeFlags): Promise<void> {
  const { changeReplicas, withoutReplicas } = await import('./replicas.js');
  for (const one of dir) await changeReplicas(resolve(one), (present) => withoutReplicas(present, names));
}

/** Collects what a repeated flag or argument names. */
export function collectReplica(text: string, before: readonly Replica[] = []): readonly Replica[] {
  const parsed = parseReplica(text);
  if ('ok' in parsed) return [...before, parsed.ok];
  throw new InvalidArgumentError(`${parsed.fault}.`);
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Reads how to print. */
export function format(text: string): ListFlags['output'] {
  if (text === 'text' || text === 'json') return text;
  throw new InvalidArgumentError('Give text or json.');
}
