import { spawnTied } from '../../dev/lifeline.js';
import { follow, type Program } from './program.js';
import { ROOT } from './sources.js';

const script = `${ROOT}test/support/terminal.py`;

/** A command in a terminal of its own. */
export interface Terminal {
  /** Standard output is the screen of the terminal; `type` types; the exit code is the command's, or 128 plus the signal. */
  readonly program: Program;
  /** Closes the terminal, as when its window is closed. */
  hangUp(): void;
}

/** Runs a command in the project's folder as the first process of a pseudo-terminal, with these variables besides its own. */
export function openTerminal(env: Readonly<Record<string, string>>, ...command: readonly string[]): Terminal {
  // The variables are not for the program that runs the terminal, since a run's processes are found by theirs.
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const child = spawnTied({
    command: process.env['PYTHON'] ?? 'python3',
    args: [script, 'env', '-C', ROOT, ...variables, ...command],
    env: process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return { program: follow(child), hangUp: () => void child.stdin?.end() };
}
