import { Argument, type Command } from 'commander';
import { LOG_LEVELS } from '../proxy/wire/log-levels.js';
import { type ConnectionFlags, withConnection } from './connection-flags.js';
import { durationValue } from './durations.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import { type OutputFlags, withOutput } from './output.js';
import { type Terminal, terminal } from './terminal.js';

type Flags = ConnectionFlags & OutputFlags;
type LevelFlags = Flags & { readonly meetup?: string; readonly for?: ReturnType<typeof durationValue> };

/** In place of a level: that of all other meetups. */
const USUAL = 'usual';

/** Adds `ws-proxy info`, `reload` and `log-level`. */
export function register(program: Command, io: Terminal = terminal): void {
  withOutput(withConnection(program.command('info').description('what answers, and which rights you have'))).action(
    async (flags: Flags) => {
      const { info } = await import('./info-run.js');
      await info(flags, io);
    },
  );
  withOutput(withConnection(program.command('reload').description('read the policy file again'))).action(
    async (flags: Flags) => {
      const { reload } = await import('./info-run.js');
      await reload(flags, io);
    },
  );
  withOutput(
    withConnection(
      program
        .command('log-level')
        .description('set how much is logged: of all until the process ends, or of one meetup for a time'),
    ),
  )
    .addArgument(
      new Argument('<level>', 'lowest level that is written; usual: as all others, of a meetup').choices([
        ...LOG_LEVELS,
        USUAL,
      ]),
    )
    .option('--meetup <id>', 'only for lines about this meetup')
    .option('--for <time>', 'how long, with --meetup: at most 24h (default: 10m)', durationValue)
    .action(async (level: string, flags: LevelFlags) => {
      const { setLogLevel, setMeetupLogLevel } = await import('./log-level-run.js');
      const { meetup } = flags;
      if (meetup !== undefined) return setMeetupLogLevel(meetup, level === USUAL ? '' : level, flags, io);
      if (level === USUAL || flags.for !== undefined) {
        throw new AdminFailure('usual and --for are for one meetup: name it with --meetup', EXIT.usage);
      }
      return setLogLevel(level, flags, io);
    });
}
