import { join } from 'node:path';
import { build, buildStale } from './build.mjs';
import { deployedPeersStale, installDeployedPeers } from './deployed-peers.mjs';
import { envoy } from './envoy.mjs';
import { withLock } from './lock.mjs';
import { nats } from './nats.mjs';
import { checkNode } from './node-version.mjs';
import { installPackages, packagesStale } from './packages.mjs';
import { tools } from './place.mjs';
import { installPythonPackages, pythonPackages, pythonPackagesStale } from './python-packages.mjs';

/**
 * Brings a clone to where it can run: npm packages, build, Envoy, for several replicas NATS and, for the tests, Python packages. Does
 * nothing that is done already, and one set-up of a clone at a time does it. `edge: false` does without Envoy. Resolves with the variables that name
 * what was asked for: ENVOY_BIN, NATS_BIN and, for the tests, PYTHONPATH. Throws a Failure, whose message is for the user.
 */
export async function setUp({ forTests = false, fleet = forTests, edge = true } = {}) {
  checkNode();
  const binaries = { ...(edge && { ENVOY_BIN: envoy }), ...(fleet && { NATS_BIN: nats }) };
  const python = forTests ? { PYTHONPATH: pythonPackages } : {};
  const found = await findAll(binaries);
  if (found !== undefined && isDone(forTests)) return { ...found, ...python };
  return withLock(join(tools, 'setup.lock'), async () => {
    if (packagesStale()) await installPackages();
    if (buildStale()) await build();
    for (const binary of Object.values(binaries)) if ((await binary.find()) === undefined) await binary.install();
    if (forTests && pythonPackagesStale()) await installPythonPackages();
    if (forTests && deployedPeersStale()) await installDeployedPeers();
    return { ...(await findAll(binaries)), ...python };
  });
}

function isDone(forTests) {
  return !packagesStale() && !buildStale() && !(forTests && (pythonPackagesStale() || deployedPeersStale()));
}

/** The path of each binary by its variable; undefined where one is missing. */
async function findAll(binaries) {
  const found = {};
  for (const [variable, binary] of Object.entries(binaries)) {
    found[variable] = await binary.find();
    if (found[variable] === undefined) return undefined;
  }
  return found;
}
