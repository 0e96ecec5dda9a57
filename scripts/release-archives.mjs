import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { root } from './place.mjs';

/** What only checks the product, and is no part of what is deployed. */
const CHECKS = /^(test|\.ci|\.github)\//;
const CHART = 'deploy/helm/ws-proxy/';

/** What the product is deployed and built from: image recipe, compose files, units, Kubernetes, examples, documents and sources. */
export function sourcesOf(tracked) {
  return new Map([...tracked].filter(([path]) => !CHECKS.test(path)));
}

/** Compiles the sources in a folder that is empty; what is left in the clone by other builds has no part in it. */
export async function buildSources(sources, folder) {
  for (const [path, { bytes, mode }] of sources) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes, { mode });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { code, output } = await run(process.execPath, [compiler, '--build'], { cwd: folder });
  if (code !== 0) throw new Failure(`what is released does not compile:\n${output.trimEnd()}`);
}

/** The files of the package, as npm chooses them in the built folder. */
export function packageFiles(sources, folder) {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
  const answer = JSON.parse(execFileSync('npm', args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
  // A list by older versions of npm, and an object by newer ones.
  const [{ files }] = Object.values(answer);
  return new Map(
    files.map(({ path }) => [
      `package/${path}`,
      sources.get(path) ?? { bytes: readFileSync(join(folder, path)), mode: 0o644 },
    ]),
  );
}

/** The files of the Helm chart, as `helm package` has them. */
export function chartFiles(sources) {
  const ignored = sources.get(`${CHART}.helmignore`)?.bytes.toString().split('\n') ?? [];
  const folders = ignored.filter((line) => line !== '' && !line.startsWith('#'));
  const unknown = folders.find((line) => !/^[\w-]+\/$/.test(line));
  if (unknown !== undefined) throw new Failure(`${CHART}.helmignore has ${unknown}: only whole folders are known here`);
  const chosen = [...sources].filter(([path]) => path.startsWith(CHART));
  return below(
    'ws-proxy/',
    chosen
      .map(([path, file]) => [path.slice(CHART.length), file])
      .filter(([path]) => !folders.some((one) => path.startsWith(one))),
  );
}

/** Files in a folder of that name. */
export function below(folder, files) {
  return new Map([...files].map(([path, file]) => [`${folder}${path}`, file]));
}
