import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { root } from './place.mjs';

const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const { include, references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
/** Folders of sources: those of the project, and the projects that it refers to. */
const sources = [...include, ...references.map(({ path }) => path)];

/** True when a source, a folder of sources or the compiler is newer than the last build. */
export function buildStale() {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const others = ['tsconfig.json', 'package-lock.json'].map((name) => join(root, name));
  return (
    others.some((path) => statSync(path).mtimeMs > built) || sources.some((name) => newer(join(root, name), built))
  );
}

/** Compiles, and drops the output of sources that are gone, so that no dead test runs. */
export async function build() {
  const began = new Date();
  const { code, output } = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--build']);
  if (code !== 0) throw new Failure(`the sources don't compile:\n${output.trimEnd()}`);
  for (const name of sources) prune(name);
  writeFileSync(stamp, '');
  utimesSync(stamp, began, began);
}

function newer(path, time) {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return false;
  if (there.mtimeMs > time) return true;
  return there.isDirectory() && readdirSync(path).some((name) => newer(join(path, name), time));
}

function prune(folder) {
  if (!existsSync(join(dist, folder))) return;
  for (const entry of readdirSync(join(dist, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) prune(path);
    else if (!existsSync(join(root, path.replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts')))) rmSync(join(dist, path));
  }
}
