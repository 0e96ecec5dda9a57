/** Exit code of a command that failed at its work. */
const EXIT_FAILURE = 1;
/** Exit code of a command that was called wrongly. */
const EXIT_USAGE = 2;

/**
 * A failure that the user can mend: one line that says what was wrong, where, and what to do. Everything else that is thrown here is a
 * defect.
 */
export class CertsFailure extends Error {
  /** The exit code of the command: 2 for wrong arguments, 1 for the rest. */
  readonly exitCode: number;

  constructor(message: string, exitCode = EXIT_FAILURE) {
    super(message);
    this.name = 'CertsFailure';
    this.exitCode = exitCode;
  }
}

/** A wrong argument: exit code 2. */
export function usageFailure(message: string): CertsFailure {
  return new CertsFailure(message, EXIT_USAGE);
}

/** The `code` of a failed system call (`ENOENT`, …), or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
