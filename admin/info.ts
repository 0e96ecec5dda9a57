import { Argument, type Command } from 'commander';
import { LOG_LEVELS } from '../proxy/wire/log-levels.js';
import { type ConnectionFlags, withConnection } from './connection-flags.js';
import { type OutputFlags, withOutput } from './output.js';
import { type Terminal, terminal } from './terminal.js';

type Flags = ConnectionFlags & OutputFlags;

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
  withOutput(withConnection(program.command('log-level').description('set how much is logged, until the process ends')))
    .addArgument(new Argument('<level>', 'lowest level that is written').choices(LOG_LEVELS))
    .action(async (level: string, flags: Flags) => {
      const { setLogLevel } = await import('./info-run.js');
      await setLogLevel(level, flags, io);
    });
}
