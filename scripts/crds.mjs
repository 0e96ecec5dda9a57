import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lastLine, run } from './command.mjs';
import { Failure } from './failure.mjs';
import { root, tools } from './place.mjs';

/** Modules of operators, whose sources have the schemas of the resources that they define, and the hash of each. */
const pin = join(root, 'test/verify/crds/modules.json');
/** Has those schemas, for the checks. */
export const crdFolder = join(tools, 'crds');
const STAMP = 'modules.json';

/** Fetches the schemas. Resolves with one line when they cannot be had, else with none; throws a Failure when a hash is another. */
export async function fetchCrds() {
  const pinned = readFileSync(pin, 'utf8');
  const stamp = join(crdFolder, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === pinned) return [];
  const modules = JSON.parse(pinned);
  // Outside of a module, so that nothing of what they need comes along.
  const fresh = mkdtempSync(`${crdFolder}-`);
  try {
    const names = modules.map(({ module }) => module);
    const { code, output } = await run('go', ['mod', 'download', '-json', ...names], { cwd: fresh });
    if (code === 127) return ['the schemas of operators (there is no Go to fetch them with)'];
    if (code !== 0) return [`the schemas of operators (go mod download: ${lastLine(output)})`];
    for (const [index, got] of answersOf(output).entries()) take(modules[index], got, fresh);
    writeFileSync(join(fresh, STAMP), pinned);
    rmSync(crdFolder, { recursive: true, force: true });
    renameSync(fresh, crdFolder);
    return [];
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The objects that the command prints, one after the other, in the order of its arguments. */
function answersOf(output) {
  return output
    .split(/^(?=\{$)/m)
    .filter((part) => part.startsWith('{'))
    .map((part) => JSON.parse(part.slice(0, part.lastIndexOf('}') + 1)));
}

function take({ module, sum, files }, got, folder) {
  if (`${got.Path}@${got.Version}` !== module || got.Sum !== sum) {
    throw new Failure(
      `${module} is not what its pinned hash says: do not use it, and check which module proxy go asks`,
    );
  }
  for (const file of files) copyFileSync(join(got.Dir, file), join(folder, basename(file)));
}
