import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installNpmTarget, isNpmTargetStale } from './npm-target.mjs';
import { root, tools } from './place.mjs';
import { installTarget, isTargetStale } from './python-target.mjs';

// Installs the deployed peers' own software, old as it is. Its packages are pinned by hash, and a machine that cannot have them goes without.
const pins = join(root, 'test/interop/deployed');
const folder = join(tools, 'deployed');
const npmFolder = join(folder, 'npm');
/** The library of the deployed gateways for their Python, and its successor for a later Python. */
const pythons = ['3.6', '3.7'].map((version) => ({
  version,
  folder: join(folder, `python-${version}`),
  pin: join(pins, `requirements-${version}.txt`),
}));
/** Holds why a part is missing: the tests that it is for say so. */
const why = (part) => `${part}.missing`;

/** Software that could not be had is tried again after this time, in milliseconds: a machine without a network must not wait at every start. */
const TRY_AGAIN_MS = 24 * 60 * 60 * 1000;

export function deployedPeersStale() {
  return isDue(npmFolder, npmStale()) || pythons.some((python) => isDue(python.folder, isPythonStale(python)));
}

function isDue(part, isStale) {
  if (!isStale) return false;
  const tried = statSync(why(part), { throwIfNoEntry: false });
  return tried === undefined || Date.now() - tried.mtimeMs > TRY_AGAIN_MS;
}

function isPythonStale(python) {
  return isTargetStale(python.folder, python.pin);
}

/** Installs the parts that can be had. Throws nothing: missing parts are named here, and by the tests that are skipped for them. */
export async function installDeployedPeers() {
  console.log('installing the software of the deployed peers, for the interoperability tests');
  mkdirSync(folder, { recursive: true });
  if (isDue(npmFolder, npmStale())) await attempt(npmFolder, installNpm);
  for (const python of pythons) {
    if (isDue(python.folder, isPythonStale(python))) await attempt(python.folder, () => installPython(python));
  }
}

async function attempt(part, install) {
  rmSync(why(part), { force: true });
  try {
    await install();
  } catch (error) {
    const { message } = error;
    console.error(`note: ${message}`);
    writeFileSync(why(part), message);
  }
}

function npmStale() {
  return isNpmTargetStale(npmFolder, pins);
}

/** Node 8 among them, as a package of npm's. */
async function installNpm() {
  const more = ['--omit=optional', '--fetch-retries=0'];
  await installNpmTarget(npmFolder, pins, 'Node 8 and its libraries', { more });
}

/** The wheel is for that Python, whichever Python fetches it. */
async function installPython({ version, folder: target, pin }) {
  const digits = version.replace('.', '');
  const abi = [
    '--platform=manylinux1_x86_64',
    `--python-version=${digits}`,
    '--implementation=cp',
    `--abi=cp${digits}m`,
  ];
  await installTarget(target, pin, `the deployed websockets for Python ${version}`, abi);
}
