import { existsSync, readFileSync } from 'node:fs';
import type { Part } from '../../../dev/part.js';
import { awaitStandstill } from '../../support/stand-still.js';

/** Milliseconds for a part to end by itself. */
const END_MS = 40_000;
const SHOWN_LINES = 30;
/** What no log may say: a promise or an exception that nobody caught, or a fault that the service found in itself. */
const DEFECT = /unhandled|uncaught|internal_error|"level":"fatal"|"defect|Segmentation|assert failure/i;

/** Envoy or the service: a process that faults are done to and that is started again. */
export class ArenaPart {
  readonly name: string;
  readonly #start: (run: number) => Part;
  readonly #ready: (signal: AbortSignal, run: number) => Promise<unknown>;
  readonly #logs: string[] = [];
  readonly #wrong: string[] = [];
  #part: Part | undefined;
  #isToEnd = false;
  #isOver = false;
  #runs = false;

  constructor(
    name: string,
    start: (run: number) => Part,
    ready: (signal: AbortSignal, run: number) => Promise<unknown>,
  ) {
    this.name = name;
    this.#start = start;
    this.#ready = ready;
  }

  get pid(): number {
    const pid = this.#part?.pid;
    if (pid === undefined) throw new Error(`${this.name} does not run`);
    return pid;
  }

  /** Whether it has a process at present, be it ready or stopped in its tracks. */
  get isRunning(): boolean {
    return this.#runs;
  }

  /** Starts it and resolves when it is ready. */
  async revive(): Promise<void> {
    if (this.#isOver) throw new Error(`${this.name} is not started again: the suite ends`);
    const run = this.#logs.length;
    const part = this.#start(run);
    this.#part = part;
    this.#isToEnd = false;
    this.#runs = true;
    this.#logs.push(part.log);
    const died = new AbortController();
    part.ended.then((how) => {
      this.#runs = false;
      if (!this.#isToEnd) this.#wrong.push(`${this.name} ${how}`);
      died.abort(new Error(`${this.name} ${how}:\n${lastLines(part.log)}`));
    });
    await this.#ready(died.signal, run);
  }

  /** Ends it by that signal; resolves when it is gone. SIGKILL follows where SIGTERM takes too long, and is told as wrong. */
  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#part === undefined) return;
    this.#isToEnd = true;
    this.signal(signal);
    const timer = setTimeout(() => {
      this.#wrong.push(`${this.name} did not end within ${END_MS / 1000} s of ${signal}`);
      this.signal('SIGKILL');
    }, END_MS);
    await this.#part.ended;
    clearTimeout(timer);
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.kill('SIGKILL');
  }

  /** Sends the signal; after SIGSTOP it stands still when this returns. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(this.pid, signal);
    } catch {
      // It has ended by itself, which is told already.
      return;
    }
    if (signal === 'SIGSTOP') awaitStandstill(this.pid);
  }

  /** What went wrong with it since the last look, beside what was done to it. */
  takeWrong(): string[] {
    return [...this.#wrong.splice(0), ...this.#logs.flatMap((log) => defectsIn(this.name, log))];
  }

  lastWords(): string {
    const log = this.#logs.at(-1);
    return log === undefined ? '' : lastLines(log);
  }
}

/** What a log must not say: each a line, once. */
export function defectsIn(name: string, log: string): string[] {
  const found = linesOf(log).filter((line) => DEFECT.test(line));
  return [...new Set(found.map((line) => `${name}: ${line.slice(0, 300)}`))];
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}

/** The end of a log, where it is there. */
export function lastLines(file: string): string {
  return linesOf(file).slice(-SHOWN_LINES).join('\n');
}
