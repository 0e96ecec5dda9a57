import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { tell } from './tools.js';

/** Programs that the Dockerfile's commands, npm and the scripts of Compose call; Debian has all of them in every system. */
const programs = [
  ...['sh', 'env', 'cat', 'ls', 'head', 'sed', 'basename', 'dirname', 'sleep'],
  ...['cp', 'mv', 'rm', 'mkdir', 'chmod', 'chown', 'ln', 'find', 'flock', 'hostname'],
];
/** The places of the trusted certificate authorities in Linux distributions. */
const authorities = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Makes the file system of a base image from this machine's own Node and programs, where no registry of images can be
 * reached. It stands in for `node:…-slim`, with the same programs at the same places.
 */
export async function makeStandIn(root: string): Promise<void> {
  for (const folder of [
    'usr/bin',
    'usr/lib',
    'usr/lib64',
    'usr/local/bin',
    'etc/ssl/certs',
    'root',
    'tmp',
    'opt',
    'var/lib',
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const name of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
  const copied: string[] = [];
  for (const name of programs) {
    const { output } = await tell('sh', ['-c', `command -v ${name}`]);
    copied.push(put(root, output.trim(), `/usr/bin/${name}`));
  }
  copied.push(put(root, process.execPath, '/usr/local/bin/node'));
  for (const library of await librariesOf(copied)) put(root, library, library);

  const npm = join(dirname(process.execPath), '../lib/node_modules/npm');
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  if (existsSync(authorities)) put(root, authorities, authorities);
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
}

function put(root: string, source: string, target: string): string {
  mkdirSync(dirname(join(root, target)), { recursive: true });
  cpSync(source, join(root, target), { dereference: true });
  return source;
}

/** Every shared library, the loader included, that these programs are linked with. */
async function librariesOf(paths: readonly string[]): Promise<Set<string>> {
  const { code, output } = await tell('ldd', paths);
  expect(code, output).to.equal(0);
  return new Set([...output.matchAll(/^\s+(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, path = '']) => path));
}
