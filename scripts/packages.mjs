import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { root } from './place.mjs';

const wanted = join(root, 'package-lock.json');
const installed = join(root, 'node_modules/.package-lock.json');

/** True when the npm packages are not those of the lock file. */
export function packagesStale() {
  const there = statSync(installed, { throwIfNoEntry: false });
  if (there === undefined) return true;
  return statSync(wanted).mtimeMs > there.mtimeMs && !sameVersions();
}

/** Installs them, exactly as the lock file says. */
export async function installPackages() {
  console.log('installing the npm packages');
  const npm = process.env.npm_execpath;
  // Not `npm ci`, which demands packages for every platform that somebody might have, where a registry may not carry them. What
  // is installed is compared with the lock file afterwards.
  const retries = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000'];
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', ...retries];
  const { code, output } = npm?.endsWith('.js') ? await run(process.execPath, [npm, ...args]) : await run('npm', args);
  if (code === 127) throw new Failure('npm is missing: install it with Node');
  if (code !== 0) {
    throw new Failure(`npm install failed (${reason(output)}): check the network and the registry, then start again`);
  }
  if (!sameVersions()) {
    throw new Failure('npm installed other packages than package-lock.json names: delete node_modules and start again');
  }
}

/** The reason why npm failed. Its last line names its log, and the reason stands before that. */
export function reason(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!)/, '').trim());
  return lines.find((line) => line !== '' && !/^(code|errno|syscall|A complete log)/.test(line)) ?? 'it said nothing';
}

/** A checkout makes the lock file newer without changing it: its content decides. Optional packages may be missing. */
function sameVersions() {
  const want = packagesOf(wanted);
  const have = packagesOf(installed);
  for (const [path, entry] of Object.entries(want)) {
    if (path === '' || (have[path] === undefined && entry.optional)) continue;
    if (have[path]?.version !== entry.version || have[path]?.integrity !== entry.integrity) return false;
  }
  if (Object.keys(have).some((path) => want[path] === undefined)) return false;
  utimesSync(installed, new Date(), new Date());
  return true;
}

function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}
