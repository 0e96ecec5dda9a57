import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { lastLine, run } from './command.mjs';
import { fetchCrds } from './crds.mjs';
import { buildH2spec, goFolder } from './h2spec.mjs';
import { root, tools } from './place.mjs';
import { installTarget, isTargetStale } from './python-target.mjs';

const pin = join(root, 'test/verify/requirements.txt');
/** Goes into PYTHONPATH of the checks. */
export const checkerFolder = join(tools, 'verify');
const unpacked = join(tools, 'debian');
/** Goes before PATH. */
export const checkerPath = [join(checkerFolder, 'bin'), join(unpacked, 'usr/bin'), goFolder];

/**
 * Programs that come with Debian. Their versions are Debian's: an older one than the newest of a release is not to be had.
 * `unpack`: taken out of its package, because installing it would start a server.
 */
const debian = [
  { command: 'systemd-analyze', name: 'systemd' },
  { command: 'buildah', name: 'buildah' },
  { command: 'chromium', name: 'chromium' },
  { command: 'faketime', name: 'faketime' },
  { command: 'promtool', name: 'prometheus', unpack: true },
];

/** Installs what is missing. Resolves with one line for each program that cannot be had; throws a Failure when pip fails. */
export async function installCheckers() {
  mkdirSync(tools, { recursive: true });
  if (isTargetStale(checkerFolder, pin)) {
    console.log('installing the checkers: Python packages');
    await installTarget(checkerFolder, pin, 'the checkers');
  }
  return [...(await installMissing()), ...(await buildH2spec()), ...(await fetchCrds())];
}

/** The same for what comes with Debian. */
async function installMissing() {
  const missing = debian.filter(({ command }) => !found(command));
  if (missing.length === 0) return [];
  const why = await installDebian(missing);
  return missing.filter(({ command }) => !found(command)).map(({ command }) => `${command} (${why})`);
}

/** Resolves with why something may be missing still. */
async function installDebian(missing) {
  if (!found('apt-get')) return 'this is no Debian: install it';
  if (process.getuid?.() !== 0) return `not root: apt-get install ${missing.map(({ name }) => name).join(' ')}`;
  console.log(`installing the checkers: ${missing.map(({ name }) => name).join(', ')} of Debian`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (args, options = {}) => run('apt-get', ['-q', '-y', ...args], { env, ...options });
  const updated = await apt(['update']);
  if (updated.code !== 0) return `apt-get update: ${lastLine(updated.output)}`;
  let why = 'apt-get does not know it';
  for (const { name, unpack } of missing) {
    const { code, output } = unpack
      ? await takeOut(name, apt)
      : await apt(['install', '--no-install-recommends', name]);
    if (code !== 0) why = lastLine(output);
  }
  return why;
}

async function takeOut(name, apt) {
  const fresh = mkdtempSync(join(tools, 'debian-'));
  try {
    const got = await apt(['download', name], { cwd: fresh });
    const file = readdirSync(fresh).find((one) => one.endsWith('.deb'));
    return got.code === 0 && file !== undefined ? await run('dpkg-deb', ['-x', join(fresh, file), unpacked]) : got;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function found(command) {
  const folders = [...checkerPath, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
