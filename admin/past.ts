import type { Command } from 'commander';
import { count, duration } from '../proxy/values/argument.js';
import { type ConnectionFlags, withConnection } from './connection-flags.js';
import { durationValue } from './durations.js';
import { type OutputFlags, withOutput } from './output.js';
import { type Terminal, terminal } from './terminal.js';

export type PastFlags = ConnectionFlags & OutputFlags & { readonly watch?: true; readonly limit: number };
export type RefusalFlags = PastFlags & {
  readonly since?: ReturnType<typeof durationValue>;
  readonly meetup?: string;
  readonly subject?: string;
  readonly fingerprint?: string;
};
export type CallFlags = PastFlags & {
  readonly since?: ReturnType<typeof durationValue>;
  readonly meetup?: string;
  readonly failed?: true;
  /** Milliseconds. */
  readonly slower?: number;
};

const LIST_LIMIT = 50;
const HISTORY_LIMIT = 10;

/** Adds `ws-proxy history`, `refusals`, `calls` and `trace`: what happened, from the memory of the replicas. */
export function register(program: Command, io: Terminal = terminal): void {
  withPast(program.command('history').description('what happened at a meetup, and what is wrong there'), HISTORY_LIMIT)
    .argument('<meetup>', 'meetup id')
    .action(async (meetup: string, flags: PastFlags) => {
      const { showHistory } = await import('./history-run.js');
      await showHistory(meetup, flags, io);
    });

  withPast(program.command('refusals').description('who was refused, and why; at the TLS handshake too'), LIST_LIMIT)
    .option('--since <time>', 'refused in this time, such as 1h (default: all that is remembered)', durationValue)
    .option('--meetup <prefix>', 'beginning of the meetup id')
    .option('--subject <part>', "part of the certificate's subject")
    .option('--fingerprint <sha256>', 'of the certificate')
    .action(async (flags: RefusalFlags) => {
      const { showRefusals } = await import('./refusals-run.js');
      await showRefusals(flags, io);
    });

  withPast(program.command('calls').description('the last relayed calls, as far as they are kept'), LIST_LIMIT)
    .option('--since <time>', 'begun in this time, such as 10m (default: all that is kept)', durationValue)
    .option('--meetup <prefix>', 'beginning of the meetup id')
    .option('--failed', 'only those that failed')
    .option('--slower <time>', 'only those that took at least this long, such as 1s', duration())
    .action(async (flags: CallFlags) => {
      const { showCalls } = await import('./calls-run.js');
      await showCalls(flags, io);
    });

  withOutput(withConnection(program.command('trace').description('the calls of one trace, while they are kept')))
    .argument('<id>', 'trace id: 32 hex digits, or a whole traceparent')
    .action(async (id: string, flags: ConnectionFlags & OutputFlags) => {
      const { showTrace } = await import('./trace-run.js');
      await showTrace(id, flags, io);
    });
}

function withPast(command: Command, limit: number): Command {
  return withOutput(withConnection(command))
    .option('--limit <count>', 'most lines of each kind, the newest; at most 500', count(), limit)
    .option('--watch', 'and then a line for each that happens, until it is interrupted');
}
