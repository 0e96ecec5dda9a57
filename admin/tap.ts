import type { Command } from 'commander';
import { count, size } from '../proxy/values/argument.js';
import { type ConnectionFlags, withConnection } from './connection-flags.js';
import { type OutputFlags, withOutput } from './output.js';
import { type Terminal, terminal } from './terminal.js';

/** The control API's number for it has 32 bits. */
const MAX_INT32 = 2 ** 31 - 1;

export type TapFlags = ConnectionFlags &
  OutputFlags & {
    readonly bodies?: true;
    readonly maxBody?: number;
    readonly count?: number;
    readonly follow?: true;
  };

/** Adds `ws-proxy tap`. */
export function register(program: Command, io: Terminal = terminal): void {
  withOutput(
    withConnection(program.command('tap').description("see a session's messages as they are relayed, a line for each")),
  )
    .argument('<session>', 'uid, the beginning of one, or meetup id')
    .option('--bodies', 'show bodies too; needs the right "tap-bodies"')
    .option('--max-body <bytes>', 'most bytes of one body, up to 65536 (default: 4096)', size({ max: MAX_INT32 }))
    .option('--count <count>', 'end after so many', count())
    .option('--follow', 'stay with the meetup over its sessions, on whichever replica; it may be empty still')
    .action(async (session: string, flags: TapFlags) => {
      const { tap } = await import('./tap-run.js');
      await tap(session, flags, io);
    });
}
