import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, tools } from './place.mjs';
import { pip } from './python.mjs';

const pin = join(root, 'test/interop/requirements.txt');
/** Goes into PYTHONPATH of the interoperability tests. */
export const pythonPackages = join(tools, 'python');
const stamp = join(pythonPackages, 'requirements.txt');

export function pythonPackagesStale() {
  return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== readFileSync(pin, 'utf8');
}

/** Installs the packages that the interoperability tests' Python clients need, whole or not at all. */
export async function installPythonPackages() {
  console.log('installing the Python packages of the interoperability tests');
  const fresh = mkdtempSync(join(tools, 'python-'));
  try {
    const where = [
      '--no-deps',
      '--require-hashes',
      '--only-binary=:all:',
      '--no-warn-script-location',
      '--target',
      fresh,
    ];
    await pip(['install', '--quiet', ...where, '-r', pin], 'the Python packages of the tests', '');
    copyFileSync(pin, join(fresh, 'requirements.txt'));
    rmSync(pythonPackages, { recursive: true, force: true });
    renameSync(fresh, pythonPackages);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
