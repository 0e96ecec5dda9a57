import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { spawnTied } from '../../dev/lifeline.js';
import { watchForCrash } from './lost-faults.js';
import { awaitStandstill } from './stand-still.js';

const BIN = fileURLToPath(new URL('../../../bin/ws-proxy.js', import.meta.url));

/** A `ws-proxy` command as a process of its own. */
export interface Program {
  readonly pid: number;
  /** The first line of an output that matches, past or to come; rejects when the process ends without such a line. */
  line(from: 'stdout' | 'stderr', pattern: RegExp): Promise<string>;
  /** The lines of an output so far. */
  lines(from: 'stdout' | 'stderr'): readonly string[];
  type(text: string): void;
  /** Sends the signal; after SIGSTOP it stands still when this returns. */
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

export function runProgram(...args: readonly string[]): Program {
  return runProgramWith({}, ...args);
}

/** Runs a command with further variables. No test may go through an HTTP proxy of the machine. */
export function runProgramWith(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Program {
  const usual = Object.entries(process.env).filter(([name]) => !/^(https?|all|no|grpc|no_grpc)_proxy$/i.test(name));
  const env = { ...Object.fromEntries(usual), ...variables };
  const command = { command: process.execPath, args: [BIN, ...args], env };
  return follow(spawnTied({ ...command, stdio: ['pipe', 'pipe', 'pipe'] }));
}

/** Runs the command where the system allows so many open files. */
export function runLimited(openFiles: number, ...args: readonly string[]): Program {
  const command = ['-c', 'ulimit -n "$0" && exec "$@"', String(openFiles), process.execPath, BIN, ...args];
  return follow(spawnTied({ command: 'sh', args: command, env: process.env, stdio: ['pipe', 'pipe', 'pipe'] }));
}

/** Follows any child process whose outputs are piped. */
export function follow(child: ChildProcess): Program {
  watchForCrash(child.stderr);
  const outputs = { stdout: new Lines(child.stdout), stderr: new Lines(child.stderr) };
  const { pid } = child;
  if (pid === undefined) throw new Error(`${child.spawnfile} could not be started`);
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return {
    pid,
    line: (from, pattern) => outputs[from].find(pattern),
    lines: (from) => outputs[from].all,
    type: (text) => void child.stdin?.write(text),
    signal: (signal) => {
      child.kill(signal);
      if (signal === 'SIGSTOP') awaitStandstill(pid);
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}

class Lines {
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #over = false;

  constructor(stream: Readable | null) {
    if (stream === null) throw new Error('the output is not piped');
    const reader = createInterface({ input: stream });
    reader.on('line', (line) => this.#tell(() => this.#lines.push(line)));
    reader.on('close', () =>
      this.#tell(() => {
        this.#over = true;
      }),
    );
  }

  get all(): readonly string[] {
    return this.#lines;
  }

  find(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.#lines.find((line) => pattern.test(line));
        if (found === undefined && !this.#over) return;
        this.#waiting.delete(look);
        if (found === undefined) reject(new Error(`no line like ${pattern} in:\n${this.#lines.join('\n')}`));
        else resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  #tell(change: () => void): void {
    change();
    for (const look of [...this.#waiting]) look();
  }
}
