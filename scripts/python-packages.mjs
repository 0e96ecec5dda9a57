import { join } from 'node:path';
import { root, tools } from './place.mjs';
import { installTarget, isTargetStale } from './python-target.mjs';

const pin = join(root, 'test/interop/requirements.txt');
/** Goes into PYTHONPATH of the interoperability tests. */
export const pythonPackages = join(tools, 'python');

export function pythonPackagesStale() {
  return isTargetStale(pythonPackages, pin);
}

/** Installs the packages that the interoperability tests' Python clients need. */
export async function installPythonPackages() {
  console.log('installing the Python packages of the interoperability tests');
  await installTarget(pythonPackages, pin, 'the Python packages of the tests');
}
