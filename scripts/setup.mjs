import { join } from 'node:path';
import { build, buildStale } from './build.mjs';
import { deployedPeersStale, installDeployedPeers } from './deployed-peers.mjs';
import { findEnvoy, installEnvoy } from './envoy.mjs';
import { withLock } from './lock.mjs';
import { checkNode } from './node-version.mjs';
import { installPackages, packagesStale } from './packages.mjs';
import { tools } from './place.mjs';
import { installPythonPackages, pythonPackagesStale } from './python-packages.mjs';

/**
 * Brings a clone to where it can run: npm packages, build, Envoy and, for the tests, Python packages. Does nothing that is done
 * already, and one set-up of a clone at a time does it. Resolves with the path of Envoy's binary.
 * Throws a Failure, whose message is for the user.
 */
export async function setUp({ forTests = false } = {}) {
  checkNode();
  if (await isDone(forTests)) return findEnvoy();
  return withLock(join(tools, 'setup.lock'), async () => {
    if (packagesStale()) await installPackages();
    if (buildStale()) await build();
    if ((await findEnvoy()) === undefined) await installEnvoy();
    if (forTests && pythonPackagesStale()) await installPythonPackages();
    if (forTests && deployedPeersStale()) await installDeployedPeers();
    return findEnvoy();
  });
}

async function isDone(forTests) {
  if (packagesStale() || buildStale()) return false;
  if (forTests && (pythonPackagesStale() || deployedPeersStale())) return false;
  return (await findEnvoy()) !== undefined;
}
