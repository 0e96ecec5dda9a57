import { join } from 'node:path';
import { ROOT } from '../support/sources.js';
import { type ProgramOutcome, tell } from '../support/tools.js';

/** Runs all targets for so many seconds in a process of its own, whose code is counted by nobody else. */
export function runFuzz(seconds: number): Promise<ProgramOutcome> {
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  const main = join(ROOT, 'dist/test/fuzz/main.js');
  return tell(process.execPath, ['--enable-source-maps', main, '--seconds', String(seconds)], { cwd: ROOT, env });
}
