import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { reason } from './packages.mjs';

/** What names the packages of a folder, and is kept beside them. */
const PINS = ['package.json', 'package-lock.json'];

/** Whether the folder holds something else than the lock file in `pins` says. */
export function isNpmTargetStale(folder, pins) {
  return PINS.some((name) => {
    const stamp = join(folder, name);
    return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== readFileSync(join(pins, name), 'utf8');
  });
}

/**
 * Installs the packages of the lock file in `pins` into a folder of their own, whole or not at all; `what` names them in a Failure.
 * `more` are further flags of npm, and `check` throws where what was fetched is of no use. No script of a package runs.
 */
export async function installNpmTarget(folder, pins, what, { more = [], check = async () => {} } = {}) {
  const fresh = mkdtempSync(`${folder}-`);
  try {
    for (const name of PINS) copyFileSync(join(pins, name), join(fresh, name));
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, output } = await run('npm', ['ci', ...quiet, ...more], { cwd: fresh });
    if (code !== 0) throw new Failure(`${what} can't be had from the registry (${reason(output)})`);
    await check(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
