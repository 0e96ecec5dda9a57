import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PackageRegistry } from './package-registry.js';
import { follow, type Program } from './program.js';
import { ROOT, textOf } from './sources.js';

const run = promisify(execFile);

/** The settings under which other people's programs are compiled: the strictest, and the libraries' own types are checked. */
const COMPILER = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
};

/** The environment in which npm knows of no registry but this one, and of no cache and no settings of the machine. */
export function onlyFrom(registry: PackageRegistry, cache: string): Record<string, string | undefined> {
  const own = { npm_config_registry: registry.url, npm_config_cache: cache, npm_config_userconfig: '/dev/null' };
  return { ...withoutNpm(), ...own };
}

/** Packs the libraries into a folder, as `npm run libraries:pack` does; resolves with the paths of the archives. */
export async function packedLibraries(folder: string): Promise<string[]> {
  await run(process.execPath, [join(ROOT, 'scripts/pack-libraries.mjs'), folder]);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(folder, name));
}

/** A project of somebody else, in which a library is installed from its archive. */
export class StrangersProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Installs it with what it depends on, and with the types of Node. */
  static async make(folder: string, archive: string): Promise<StrangersProject> {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    const registry = await PackageRegistry.start();
    try {
      const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
      const env = onlyFrom(registry, join(folder, '.cache'));
      await run('npm', ['install', ...quiet, archive, '@types/node'], { cwd: folder, env });
    } finally {
      registry.stop();
    }
    return new StrangersProject(folder);
  }

  /** The packages that were installed, without the types of Node. */
  get packages(): string[] {
    const all = readdirSync(join(this.folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    return all
      .flatMap((name) =>
        name.startsWith('@')
          ? readdirSync(join(this.folder, 'node_modules', name)).map((one) => `${name}/${one}`)
          : [name],
      )
      .filter((name) => name !== '@types/node' && name !== 'undici-types');
  }

  /** Bytes of their files. */
  get bytes(): number {
    return this.packages
      .map((name) => join(this.folder, 'node_modules', name))
      .flatMap((place) => readdirSync(place, { recursive: true, encoding: 'utf8' }).map((file) => join(place, file)))
      .reduce((sum, file) => sum + (statSync(file).isFile() ? statSync(file).size : 0), 0);
  }

  /** Writes the programs and compiles them; rejects with the compiler's words. */
  async compile(programs: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(programs)) writeFileSync(join(this.folder, name), text);
    writeFileSync(join(this.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '-p', '.'], { cwd: this.folder }).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
  }

  /** Runs a program of the project. */
  start(...args: readonly string[]): Program {
    const env = { PATH: process.env['PATH'] };
    return follow(spawn(process.execPath, args, { cwd: this.folder, env, stdio: ['pipe', 'pipe', 'pipe'] }));
  }
}

/** The programs that a document shows: blocks of TypeScript whose first line is their name. */
export function programsIn(document: string): Record<string, string> {
  const blocks = textOf(document).matchAll(/^```ts\n\/\/ (\S+\.ts)\n(.*?)^```$/gms);
  return Object.fromEntries([...blocks].map(([, name = '', text = '']) => [name, text]));
}

/** The environment without what the npm that runs the tests adds to it. */
function withoutNpm(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|_proxy$/i.test(name)));
}
