import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scratch } from './scratch.js';
import { ROOT } from './sources.js';

/** What the package has; dependencies are those of this clone. */
const PACKED = ['bin', 'dist', 'envoy', 'page', 'proto', 'schema', 'package.json'];
/** Folders of `dist` that no package has. */
const UNPACKED = ['dev', 'test'].map((name) => join(ROOT, 'dist', name));

/** Folder of an unpacked package of the last release; nothing where there is none. */
const LAST_RELEASE = process.env['WS_PROXY_LAST_RELEASE'] ?? '';

/** Another build of the product than this one. */
export interface OtherRelease {
  readonly name: string;
  /** Version of the form that it writes, where that is known. */
  readonly format?: number;
  /** Makes it, and returns its command. */
  readonly make: (scratch: Scratch) => string;
}

/** The builds that must get on with this one. */
export const OTHER_RELEASES: readonly OtherRelease[] = [
  { name: 'a release with a later form of records and claims', format: 2, make: later },
  ...(LAST_RELEASE === '' ? [] : [{ name: 'the last release', make: last }]),
];

/** This build, except that what it writes to the store has the next number, and a field that this build knows nothing of. */
function later(scratch: Scratch): string {
  const folder = copied(ROOT, scratch.path('later'));
  const table = join(folder, 'dist/proxy/cluster');
  change(join(table, 'store.js'), /export const FORMAT = 1;/, 'export const FORMAT = 2;');
  change(
    join(table, 'nats/stored-values.js'),
    /JSON\.stringify\(\{ format/g,
    "JSON.stringify({ zone: ['later'], format",
  );
  return join(folder, 'bin/ws-proxy.js');
}

function last(scratch: Scratch): string {
  return join(copied(LAST_RELEASE, scratch.path('last')), 'bin/ws-proxy.js');
}

function copied(from: string, to: string): string {
  for (const name of PACKED) {
    if (!existsSync(join(from, name))) throw new Error(`${from} has no ${name}: it is no package of this product`);
    cpSync(join(from, name), join(to, name), { recursive: true, filter: (path) => !UNPACKED.includes(path) });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(to, 'node_modules'));
  return to;
}

function change(file: string, what: RegExp, into: string): void {
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(what, into);
  if (changed === text) throw new Error(`${file} has nothing like ${what}`);
  writeFileSync(file, changed);
}
