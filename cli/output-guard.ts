/** Commands that run on and deal with a lost output themselves. */
const LASTING: ReadonlySet<string | undefined> = new Set(['serve', 'peer']);

/**
 * Ends a command whose output cannot be written: silently where the reader is gone, as behind `| head`, and with one line where the
 * disk is full. `name` is the command's.
 */
export function guardOutput(name: string | undefined): void {
  if (LASTING.has(name)) return;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE')
      console.error(`error: the output cannot be written: ${words[error.code ?? ''] ?? error.message}`);
    process.exit(1);
  });
}

const words: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full (ENOSPC)',
  EDQUOT: "this user's part of the disk is used up (EDQUOT)",
};
