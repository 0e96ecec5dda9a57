import type { Command } from 'commander';
import type { Outcome } from './actions/outcome.js';

/** How a command prints. */
export interface ReportOptions {
  readonly dir: string;
  readonly output: 'text' | 'json';
}

/** Exit code of a command that failed at its work. */
const EXIT_FAILURE = 1;
/** Exit code of a command that was called wrongly. */
const EXIT_USAGE = 2;

/**
 * Runs a command's work and prints what it has to say: data to standard output, warnings to standard error, a failure as one
 * `error: …; do …` line by way of commander, with exit code 1, or 2 for wrong arguments.
 */
export async function report(command: Command, options: ReportOptions, work: () => Promise<Outcome>): Promise<void> {
  const { lines, json, warnings = [] } = await orExit(command, work);
  const { writeOut, writeErr } = command.configureOutput();
  writeOut?.(
    options.output === 'json' ? `${JSON.stringify(json, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''),
  );
  for (const warning of warnings) writeErr?.(`warning: ${warning}\n`);
}

async function orExit<T>(command: Command, work: () => Promise<T>): Promise<T> {
  const { CertsFailure, systemCode } = await import('./failure.js');
  try {
    return await work();
  } catch (error) {
    if (error instanceof CertsFailure) {
      const exitCode = error.kind === 'usage' ? EXIT_USAGE : EXIT_FAILURE;
      return command.error(`error: ${error.message}`, { exitCode, code: 'certs.failure' });
    }
    if (error instanceof Error && systemCode(error) !== undefined && 'syscall' in error) {
      return command.error(`error: ${error.message}; check the path and its permissions`, {
        exitCode: EXIT_FAILURE,
        code: 'certs.failure',
      });
    }
    throw error;
  }
}
