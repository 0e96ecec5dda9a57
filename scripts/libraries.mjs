import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { root } from './place.mjs';

/**
 * The packages for other people's programs, each made of the built files that its `library/NAME/public.ts` reaches: what they import becomes
 * their dependencies, in the versions that this project pins.
 */
const libraries = [
  {
    folder: 'peer',
    name: '@micronets/ws-proxy-peer',
    description: 'A peer of ws-proxy: typed requests and events, reconnection, bridge and gateway',
    files: [],
  },
  {
    folder: 'control',
    name: '@micronets/ws-proxy-control',
    description: 'A client of the control API of ws-proxy: typed calls, and watches that resume',
    files: ['proto/control.binpb'],
  },
];

/** Packs every library into `folder`, which is there, by way of `work`, an empty one; resolves with the paths of the archives. */
export async function packLibraries(folder, work) {
  const archives = [];
  for (const library of libraries) {
    const stage = join(work, library.folder);
    stageLibrary(library, stage);
    const { code, output } = await run('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', folder], {
      cwd: stage,
    });
    if (code !== 0) throw new Failure(`npm pack of ${library.name} failed: ${output.trim()}`);
    archives.push(join(folder, archiveOf(library)));
  }
  return archives;
}

function archiveOf({ name }) {
  return `${name.replace('@', '').replace('/', '-')}-${ours().version}.tgz`;
}

/** Lays out the package as `npm pack` takes it. */
function stageLibrary({ folder, name, description, files }, stage) {
  const entry = `library/${folder}/public`;
  const code = reachable(`${entry}.js`, '.js');
  const types = reachable(`${entry}.js`, '.d.ts');
  for (const file of [...code.files, ...types.files]) {
    put(
      join(stage, 'dist', file),
      readFileSync(join(root, 'dist', file), 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, ''),
    );
  }
  // They lie as in this project, where built code finds them beside dist/.
  for (const file of files) copy(join(root, file), join(stage, file));
  copy(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  put(join(stage, 'README.md'), alone(readFileSync(join(root, 'library', folder, 'README.md'), 'utf8')));
  const { version, license, engines, dependencies } = ours();
  const used = [...new Set([...code.packages, ...types.packages])].sort();
  const manifest = {
    name,
    version,
    description,
    license,
    type: 'module',
    engines,
    sideEffects: false,
    exports: {
      '.': { types: `./dist/${entry}.d.ts`, default: `./dist/${entry}.js` },
      './package.json': './package.json',
    },
    files: ['dist', ...files],
    dependencies: Object.fromEntries(used.map((used) => [used, versionOf(used, dependencies)])),
    peerDependencies: { '@types/node': '>=20' },
    peerDependenciesMeta: { '@types/node': { optional: true } },
  };
  put(join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The built files with that ending which an entry reaches, from `dist/`, and the packages that they import. */
function reachable(entry, ending) {
  const files = new Set();
  const packages = new Set();
  const left = [entry];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const file = next.replace(/\.js$/, ending);
    if (files.has(file)) continue;
    files.add(file);
    const text = readFileSync(join(root, 'dist', file), 'utf8');
    for (const [, target] of text.matchAll(/(?:^|[\s}])(?:from|import)\s*\(?\s*['"]([^'"\s]+)['"]/gm)) {
      if (target.startsWith('.')) left.push(posix.join(posix.dirname(next), target));
      else if (!target.startsWith('node:')) packages.add(packageOf(target));
    }
  }
  return { files, packages };
}

/** A document without its links to files that are not in the package. */
function alone(document) {
  return document.replace(/\[([^\]]*)\]\(\.\.[^)]*\)/g, '$1');
}

function packageOf(target) {
  return target.split('/', target.startsWith('@') ? 2 : 1).join('/');
}

function versionOf(name, dependencies) {
  const version = dependencies[name];
  if (version === undefined) throw new Failure(`${name} is imported by a library and is no dependency in package.json`);
  return version;
}

function ours() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

function put(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
