import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { installNpmTarget, isNpmTargetStale } from './npm-target.mjs';
import { root, tools } from './place.mjs';

const pins = join(root, 'test/runtimes');

/** The lines of Node that are pinned for the tests, by their major versions. */
export const nodeLines = readdirSync(pins).sort();

/** The lines that `.ci/run` adds to the one that it runs on: the oldest that is supported, and the image's. */
export const usualLines = ['20', '24'].filter((line) => line !== majorOf(process.versions.node));

/** The binary of a pinned line, fetched where it is not there yet. Throws a Failure, whose message is for the user. */
export async function nodeOfLine(line) {
  if (!nodeLines.includes(line)) throw new Failure(`no Node ${line} is pinned: name one of ${nodeLines.join(', ')}`);
  const pin = join(pins, line);
  const folder = join(tools, `node-${line}`);
  await withLock(join(tools, 'setup.lock'), async () => {
    if (isNpmTargetStale(folder, pin) || !existsSync(binaryIn(folder))) await install(line, folder, pin);
  });
  return binaryIn(folder);
}

/** Installs the package of that line for this machine. */
async function install(line, folder, pin) {
  console.log(`fetching Node ${line}`);
  const check = async (fresh) => {
    const { output: version } = await run(binaryIn(fresh), ['--version']);
    if (majorOf(version.trim().replace(/^v/, '')) !== line) {
      throw new Failure(`the fetched Node ${line} does not run on this machine`);
    }
  };
  await installNpmTarget(folder, pin, `Node ${line}`, { more: ['--fetch-retries=1'], check });
}

function binaryIn(folder) {
  return join(folder, `node_modules/node-linux-${process.arch}/bin/node`);
}

function majorOf(version) {
  return version.split('.')[0];
}
