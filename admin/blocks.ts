import type { Command } from 'commander';
import { type ConnectionFlags, withConnection } from './connection-flags.js';
import { durationValue } from './durations.js';
import { type OutputFlags, withOutput } from './output.js';
import { type Terminal, terminal } from './terminal.js';

export type BlockFlags = ConnectionFlags &
  OutputFlags & {
    readonly fingerprint?: string;
    readonly subject?: string;
    readonly meetup?: string;
    readonly duration: ReturnType<typeof durationValue>;
    readonly reason: string;
    readonly requestId?: string;
  };

/** Adds `ws-proxy blocks list|add|remove`. */
export function register(program: Command, io: Terminal = terminal): void {
  const blocks = program.command('blocks').description('keep peers out for a time');

  withOutput(withConnection(blocks.command('list').description('the blocks in force'))).action(
    async (flags: ConnectionFlags & OutputFlags) => {
      const { listBlocks } = await import('./blocks-run.js');
      await listBlocks(flags, io);
    },
  );

  withOutput(
    withConnection(
      blocks.command('add').description('keep out whoever fits all that is given, and end those who are in'),
    ),
  )
    .option('--fingerprint <sha256>', 'of the certificate')
    .option('--subject <name>', "the certificate's whole subject, as `sessions get` shows it")
    .option('--meetup <id>', 'meetup id')
    .requiredOption('--duration <time>', 'such as 10m or 2d; at most 30d', durationValue)
    .requiredOption('--reason <text>', 'shown to the peer and written to the audit; at most 100 bytes')
    .option('--request-id <id>', 'makes a repeated call safe (default: a new one)')
    .action(async (flags: BlockFlags) => {
      const { addBlock } = await import('./blocks-run.js');
      await addBlock(flags, io);
    });

  withOutput(withConnection(blocks.command('remove').description('lift a block')))
    .argument('<block>', 'uid of the block')
    .action(async (block: string, flags: ConnectionFlags & OutputFlags) => {
      const { removeBlock } = await import('./blocks-run.js');
      await removeBlock(block, flags, io);
    });
}
