import type { Command } from 'commander';
import { count, duration } from '../proxy/values/argument.js';
import { type ConnectionFlags, withConnection } from './connection-flags.js';
import { durationValue } from './durations.js';
import { type OutputFlags, withOutput } from './output.js';
import { type Terminal, terminal } from './terminal.js';

type Span = ReturnType<typeof durationValue>;
export type DrainFlags = ConnectionFlags &
  OutputFlags & {
    readonly replica?: string;
    readonly all?: boolean;
    readonly rolling?: boolean;
    /** Milliseconds. */
    readonly backWithin: number;
    readonly deadline?: Span;
    readonly batch?: number;
    readonly interval?: Span;
    readonly spread?: Span;
    readonly status?: boolean;
    readonly wait: boolean;
  };

/** Longest wait for a replica to be started again when none is given, milliseconds. */
const USUAL_RETURN = 600_000;

/** Adds `ws-proxy drain`. */
export function register(program: Command, io: Terminal = terminal): void {
  withOutput(
    withConnection(
      program
        .command('drain')
        .description('empty a replica: take no sessions, let invocations finish, close in batches'),
    ),
  )
    .argument('[replica]', 'name of the replica, which is needed where several serve together')
    .option('--replica <name>', 'the same as the argument')
    .option('--all', 'every replica')
    .option('--rolling', 'with --all: one after another, each once the one before it serves again')
    .option(
      '--back-within <time>',
      'with --rolling: longest wait for a replica to be started again (default: 10m)',
      duration(),
      USUAL_RETURN,
    )
    .option('--deadline <time>', 'when busy sessions are closed too (default: as configured)', durationValue)
    .option('--batch <count>', 'sessions closed at one time (default: as configured)', count({ max: 99_999 }))
    .option('--interval <time>', 'time between two batches (default: as configured)', durationValue)
    .option(
      '--spread <time>',
      'peers come back after a random time of up to this (default: as configured)',
      durationValue,
    )
    .option('--no-wait', 'do not follow it to its end')
    .option('--status', 'only say how far the drain is')
    .action(async (replica: string | undefined, flags: DrainFlags) => {
      const { drain } = await import('./drain-run.js');
      await drain(replica ?? flags.replica, flags, io);
    });
}
