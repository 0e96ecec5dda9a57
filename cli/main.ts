import { Command, CommanderError } from 'commander';
import { register as blocks } from '../admin/blocks.js';
import { register as cluster } from '../admin/cluster.js';
import { register as completion } from '../admin/completion.js';
import { register as drain } from '../admin/drain.js';
import { register as explain } from '../admin/explain.js';
import { register as healthcheck } from '../admin/healthcheck.js';
import { register as info } from '../admin/info.js';
import { register as past } from '../admin/past.js';
import { register as rules } from '../admin/rules.js';
import { register as sessions } from '../admin/sessions.js';
import { register as tap } from '../admin/tap.js';
import { register as bench } from '../bench/command.js';
import { register as size } from '../bench/size-command.js';
import { register as certs } from '../certs/command.js';
import { register as doctor } from '../doctor/command.js';
import { register as envoy } from '../envoy/command.js';
import { register as peer } from '../peer/command.js';
import { register as serve } from '../proxy/command.js';
import { productVersion } from '../proxy/config/version.js';
import { safe } from '../proxy/wire/safe-text.js';
import { guardOutput } from './output-guard.js';

/** Adds a command to the program; its action loads its code when it runs, so that `--help` stays fast. */
type Register = (program: Command) => void;

const commands: readonly Register[] = [
  serve,
  peer,
  certs,
  sessions,
  past,
  blocks,
  drain,
  tap,
  explain,
  info,
  cluster,
  healthcheck,
  rules,
  doctor,
  envoy,
  bench,
  size,
  completion,
];

/** Runs one command line and returns the exit code: 0 done, 1 failed, 2 not understood; a command may name others. */
export async function run(args: readonly string[]): Promise<number> {
  const program = commandLine();
  guardOutput(args[0]);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitCodeOf(error);
  }
}

/** Every command, ready to parse. A line that is not understood throws a CommanderError. */
export function commandLine(): Command {
  const program = new Command('ws-proxy')
    .description('Joins two peers that can only dial out, over mutually authenticated websockets.')
    .version(productVersion())
    .showHelpAfterError('(see --help)')
    .exitOverride();
  for (const register of commands) register(program);
  inheritExit(program);
  return program;
}

/** Sub-commands do not inherit `exitOverride`: without it they would end the process in the middle. */
function inheritExit(command: Command): void {
  for (const one of command.commands) {
    one.exitOverride().showHelpAfterError('(see --help)');
    inheritExit(one);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has told the user already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split('\n')) console.error(`error: ${safe(line)}`);
  return hasExitCode(error) ? error.exitCode : 1;
}

/** A failure may say with which code the command ends. */
function hasExitCode(error: unknown): error is { exitCode: number } {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';
}
