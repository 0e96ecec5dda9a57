import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { reason } from './packages.mjs';
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
const npmPins = ['package.json', 'package-lock.json'];
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
  return npmPins.some((name) => {
    const stamp = join(npmFolder, name);
    return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== readFileSync(join(pins, name), 'utf8');
  });
}

/** Node 8 among them, as a package of npm's. No script of a package runs. */
async function installNpm() {
  const fresh = mkdtempSync(join(folder, 'npm-'));
  try {
    for (const name of npmPins) copyFileSync(join(pins, name), join(fresh, name));
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=0'];
    const { code, output } = await run('npm', ['ci', '--omit=optional', ...quiet], { cwd: fresh });
    if (code !== 0) throw new Error(`Node 8 and its libraries can't be had from the registry (${reason(output)})`);
    rmSync(npmFolder, { recursive: true, force: true });
    renameSync(fresh, npmFolder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
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
