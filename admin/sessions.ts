import { type Command, InvalidArgumentError } from 'commander';
import { count, duration } from '../proxy/values/argument.js';
import { type ConnectionFlags, withConnection } from './connection-flags.js';
import { durationValue } from './durations.js';
import { type Form, type OutputFlags, withOutput } from './output.js';
import type { FilterFlags } from './session-query.js';
import { type Terminal, terminal } from './terminal.js';

export type WatchFlags = ConnectionFlags & OutputFlags & FilterFlags;
export type ListFlags = ConnectionFlags &
  FilterFlags & { readonly output?: Form | 'wide'; readonly orderBy: string; readonly limit: number };
export type KickFlags = ConnectionFlags &
  OutputFlags & {
    readonly reason: string;
    readonly peer?: string;
    readonly block?: ReturnType<typeof durationValue>;
    readonly requestId?: string;
  };

const ORDERS = 'create_time, meetup_id, age, errors, in_flight, latency or backlog';
const SESSION = 'uid, the beginning of one, or meetup id';

/** Adds `ws-proxy sessions list|get|watch|kick`. */
export function register(program: Command, io: Terminal = terminal): void {
  const sessions = program.command('sessions').description('see, watch and end sessions');

  withFilters(sessions.command('list').description('the live sessions, and how well each one is'), 'wide')
    .option('--order-by <key>', `${ORDERS}, with " desc" after it for the greatest first`, 'create_time')
    .option('--limit <count>', 'most sessions', count(), 1000)
    .action(async (flags: ListFlags) => {
      const { listSessions } = await import('./sessions-run.js');
      await listSessions(flags, io);
    });

  withOutput(withConnection(sessions.command('get').description('one session and its peers')))
    .argument('<session>', SESSION)
    .action(async (session: string, flags: ConnectionFlags & OutputFlags) => {
      const { getSession } = await import('./sessions-run.js');
      await getSession(session, flags, io);
    });

  withFilters(
    sessions
      .command('watch')
      .description('the live sessions as they change: a table that stays, or a line for each event'),
  ).action(async (flags: WatchFlags) => {
    const { watchSessions } = await import('./watch-run.js');
    await watchSessions(flags, io);
  });

  withOutput(withConnection(sessions.command('kick').description('end a session, or one of its peers')))
    .argument('<session>', SESSION)
    .requiredOption('--reason <text>', 'shown to the peer and written to the audit; at most 100 bytes')
    .option('--peer <uid>', 'kick this peer only (default: both)')
    .option('--block <time>', 'keep the kicked away from this meetup for that time, such as 10m', durationValue)
    .option('--request-id <id>', 'makes a repeated call safe (default: a new one)')
    .action(async (session: string, flags: KickFlags) => {
      const { kickSession } = await import('./sessions-run.js');
      await kickSession(session, flags, io);
    });
}

function withFilters(command: Command, ...forms: readonly string[]): Command {
  const figures = forms.length === 0 ? '' : '; a list also: errors > 0 OR latency >= 1s OR backlog > 64KiB';
  const example = 'such as: state = PAIRED AND meetup_id = "sub/8675309/*" AND NOT subject : "Lab"';
  return withOutput(withConnection(command), ...forms)
    .option('--filter <expression>', `${example}${figures}`)
    .option('--state <state>', 'waiting or paired', stateWord)
    .option('--meetup <prefix>', 'beginning of the meetup id')
    .option('--subject <part>', "part of a certificate's subject")
    .option('--older-than <time>', 'such as 1h', duration())
    .option('--younger-than <time>', 'such as 10m', duration());
}

function stateWord(text: string): string {
  const word = text.toLowerCase();
  if (word !== 'waiting' && word !== 'paired') throw new InvalidArgumentError('It is waiting or paired.');
  return word;
}
