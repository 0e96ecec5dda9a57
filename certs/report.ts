import type { Command } from 'commander';
import { jsonText } from '../proxy/wire/json-text.js';
import { safe, safeLines } from '../proxy/wire/safe-text.js';
import type { Outcome } from './actions/outcome.js';
import { CertsFailure, systemCode } from './failure.js';

/** The form in which a command prints. */
export interface ReportOptions {
  readonly dir: string;
  readonly output: 'text' | 'json';
}

/**
 * Runs a command's work and prints its report: data to standard output, warnings to standard error.
 *
 * @throws CertsFailure with the exit code and one line for the command line to print, of what the user can mend
 */
export async function report(command: Command, options: ReportOptions, work: () => Promise<Outcome>): Promise<void> {
  const { lines, json, warnings = [] } = await mendable(work);
  const { writeOut, writeErr } = command.configureOutput();
  writeOut?.(
    options.output === 'json' ? `${jsonText(json, 2)}\n` : lines.map((line) => `${safeLines(line)}\n`).join(''),
  );
  for (const warning of warnings) writeErr?.(`warning: ${safe(warning)}\n`);
}

/** A path that cannot be used is the user's to mend too. */
async function mendable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemCode(error);
    if (!(error instanceof Error) || code === undefined || !('syscall' in error)) throw error;
    const remedy = remedies[code];
    const where = 'path' in error && typeof error.path === 'string' ? `${error.path}: ` : '';
    throw new CertsFailure(
      remedy === undefined ? `${error.message}; check the path and its permissions` : `${where}${remedy} (${code})`,
    );
  }
}

/** The system's reason for a write that it refused, in words; every file is then as it was. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; nothing was changed, make room on it and try again',
  EDQUOT: "this user's part of the disk is used up; nothing was changed, make room and try again",
  EROFS: 'the file system is read-only; nothing was changed, name a --dir that can be written',
  EACCES: 'this user may not read or write here; give it the right, or name another --dir',
  EPERM: 'this user may not do this here; give it the right, or name another --dir',
  EMFILE: 'too many files are open; raise ulimit -n',
  EIO: 'the disk does not answer; nothing was changed, look at the system log',
};
