import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { archive } from './archive.mjs';
import { Failure } from './failure.mjs';
import { root } from './place.mjs';
import { below } from './release-archives.mjs';

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

/** The archives of the libraries, `[name, bytes]` each, of the code that is built in `from`; `seconds` is the time of all files in them. */
export function libraryArchives(from, seconds) {
  return libraries.map((library) => [archiveOf(library), archive(below('package/', filesOf(library, from)), seconds)]);
}

/** Whether a file is called as the archive of a library of any version. */
export function isLibraryArchive(file) {
  return libraries.some((library) => new RegExp(`^${stemOf(library)}-\\d.*\\.tgz$`).test(file));
}

function archiveOf(library) {
  return `${stemOf(library)}-${ours().version}.tgz`;
}

/** The name of an archive up to its version. */
function stemOf({ name }) {
  return name.replace('@', '').replace('/', '-');
}

/** What the package has, as `path: { bytes, mode }`. */
function filesOf({ folder, name, description, files }, from) {
  const entry = `library/${folder}/public`;
  const code = reachable(from, `${entry}.js`, '.js');
  const types = reachable(from, `${entry}.js`, '.d.ts');
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
  const built = [...code.files, ...types.files].map((file) => {
    const text = readFileSync(join(from, 'dist', file), 'utf8');
    return [`dist/${file}`, text.replace(/^\/\/# sourceMappingURL=.*\n?/m, '')];
  });
  return new Map(
    [
      ...built,
      // They lie as in this project, where built code finds them beside dist/.
      ...files.map((file) => [file, readFileSync(join(root, file))]),
      ['LICENSE', readFileSync(join(root, 'LICENSE'))],
      ['README.md', alone(readFileSync(join(root, 'library', folder, 'README.md'), 'utf8'))],
      ['package.json', `${JSON.stringify(manifest, undefined, 2)}\n`],
    ].map(([path, content]) => [path, { bytes: Buffer.from(content), mode: 0o644 }]),
  );
}

/** The built files with that ending which an entry reaches, by their paths in `dist/`, and the packages that they import. */
function reachable(from, entry, ending) {
  const files = new Set();
  const packages = new Set();
  const left = [entry];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const file = next.replace(/\.js$/, ending);
    if (files.has(file)) continue;
    files.add(file);
    const text = readFileSync(join(from, 'dist', file), 'utf8');
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
