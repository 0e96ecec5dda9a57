import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pip } from './python.mjs';

/** The pin that a folder was made from, kept beside the packages. */
const STAMP = 'requirements.txt';

/** Whether the folder holds something else than the pin says. */
export function isTargetStale(folder, pin) {
  const stamp = join(folder, STAMP);
  return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== readFileSync(pin, 'utf8');
}

/**
 * Installs the pinned Python packages into a folder of their own, whole or not at all; `what` names them in a Failure. `more` are
 * further flags of pip, such as for which Python.
 */
export async function installTarget(folder, pin, what, more = []) {
  const fresh = mkdtempSync(`${folder}-`);
  try {
    const where = [
      '--no-deps',
      '--require-hashes',
      '--only-binary=:all:',
      '--no-warn-script-location',
      '--target',
      fresh,
      ...more,
    ];
    await pip(['install', '--quiet', ...where, '-r', pin], what, '');
    copyFileSync(pin, join(fresh, STAMP));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
