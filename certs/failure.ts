/**
 * A failure that the user can mend: one line that says what was wrong, where, and what to do. Everything else that is
 * thrown here is a defect. `usage` failures are wrong arguments (exit code 2), the rest failed at work (exit code 1).
 */
export class CertsFailure extends Error {
  readonly kind: 'usage' | 'work';

  constructor(message: string, kind: 'usage' | 'work' = 'work') {
    super(message);
    this.name = 'CertsFailure';
    this.kind = kind;
  }
}

/** A wrong argument: exit code 2. */
export function usageFailure(message: string): CertsFailure {
  return new CertsFailure(message, 'usage');
}

/** The `code` of a failed system call (`ENOENT`, …), or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
