import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The exit of a program, and its output. */
export interface ProgramOutcome {
  readonly code: number;
  readonly output: string;
}

/** Bytes of output that are kept. */
const MAX_OUTPUT = 16 * 1024 * 1024;

/** Runs a program to its end. */
export function tell(
  command: string,
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: NodeJS.ProcessEnv } = {},
) {
  return new Promise<ProgramOutcome>((resolve, reject) => {
    const { input, ...rest } = options;
    const child = execFile(command, args, { maxBuffer: MAX_OUTPUT, ...rest }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` });
    });
    child.stdin?.end(input);
  });
}

/** Mocha hook: skips the suite on a system without the program; `npm run verify` has named it then. */
export function needs(...commands: readonly string[]): void {
  before(function () {
    if (!commands.every(isFound)) this.skip();
  });
}

function isFound(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
