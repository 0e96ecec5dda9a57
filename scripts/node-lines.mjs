import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { reason } from './packages.mjs';
import { root, tools } from './place.mjs';

const pins = join(root, 'test/runtimes');
const pinFiles = ['package.json', 'package-lock.json'];

/** The lines of Node that are pinned for the tests, by their major versions. */
export const nodeLines = readdirSync(pins).sort();

/** The lines that `.ci/run` adds to the one that it runs on: the oldest that is supported, and the image's. */
export const usualLines = ['20', '24'].filter((line) => line !== majorOf(process.versions.node));

/** The binary of a pinned line, fetched where it is not there yet. Throws a Failure, whose message is for the user. */
export async function nodeOfLine(line) {
  if (!nodeLines.includes(line)) throw new Failure(`no Node ${line} is pinned: name one of ${nodeLines.join(', ')}`);
  const pin = join(pins, line);
  const folder = join(tools, `node-${line}`);
  mkdirSync(tools, { recursive: true });
  await withLock(join(tools, 'setup.lock'), async () => {
    if (!isThere(folder, pin)) await install(line, folder, pin);
  });
  return binaryIn(folder);
}

function isThere(folder, pin) {
  const same = (name) => readFileSync(join(folder, name), 'utf8') === readFileSync(join(pin, name), 'utf8');
  return existsSync(binaryIn(folder)) && pinFiles.every(same);
}

/** Installs the package of that line for this machine by its lock file, whole or not at all. No script of a package runs. */
async function install(line, folder, pin) {
  console.log(`fetching Node ${line}`);
  const fresh = mkdtempSync(join(tools, `node-${line}-`));
  try {
    for (const name of pinFiles) copyFileSync(join(pin, name), join(fresh, name));
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1'];
    const { code, output } = await run('npm', ['ci', ...quiet], { cwd: fresh });
    if (code !== 0) throw new Failure(`Node ${line} can't be had from the registry (${reason(output)})`);
    const { output: version } = await run(binaryIn(fresh), ['--version']);
    if (majorOf(version.trim().replace(/^v/, '')) !== line) {
      throw new Failure(`the fetched Node ${line} does not run on this machine`);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function binaryIn(folder) {
  return join(folder, `node_modules/node-linux-${process.arch}/bin/node`);
}

function majorOf(version) {
  return version.split('.')[0];
}
