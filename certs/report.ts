import type { Command } from 'commander';
import { jsonText } from '../proxy/wire/json-text.js';
import { safe, safeLines } from '../proxy/wire/safe-text.js';
import type { Outcome } from './actions/outcome.js';
import { CertsFailure, systemCode } from './failure.js';

/** How a command prints. */
export interface ReportOptions {
  readonly dir: string;
  readonly output: 'text' | 'json';
}

/**
 * Runs a command's work and prints what it has to say: data to standard output, warnings to standard error.
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
    if (!(error instanceof Error) || systemCode(error) === undefined || !('syscall' in error)) throw error;
    throw new CertsFailure(`${error.message}; check the path and its permissions`);
  }
}
