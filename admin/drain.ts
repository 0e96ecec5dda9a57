import type { Command } from 'commander';
import { count } from '../proxy/values/argument.js';
import { type ConnectionFlags, withConnection } from './connection-flags.js';
import { durationValue } from './durations.js';
import { type OutputFlags, withOutput } from './output.js';
import { type Terminal, terminal } from './terminal.js';

type Span = ReturnType<typeof durationValue>;
export type DrainFlags = ConnectionFlags &
  OutputFlags & {
    readonly replica?: string;
    readonly deadline?: Span;
    readonly batch?: number;
    readonly interval?: Span;
    readonly spread?: Span;
    readonly status?: boolean;
    readonly wait: boolean;
  };

/** Adds `ws-proxy drain`. */
export function register(program: Command, io: Terminal = terminal): void {
  withOutput(
    withConnection(
      program
        .command('drain')
        .description('empty a replica: take no sessions, let invocations finish, close in batches'),
    ),
  )
    .option('--replica <name>', 'the replica that must answer (default: whichever does)')
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
    .action(async (flags: DrainFlags) => {
      const { drain } = await import('./drain-run.js');
      await drain(flags, io);
    });
}
