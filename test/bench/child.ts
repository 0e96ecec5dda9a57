import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** The plan for one Node process of the bench. */
export interface ChildPlan {
  /** Name of the process, for people. */
  readonly name: string;
  /** Arguments after `node`. */
  readonly args: readonly string[];
  /** Core that the process is bound to, or a list of them in the form of taskset; absent where the system chooses. */
  readonly core?: number | string;
  readonly env?: Readonly<Record<string, string>>;
  /** File of its output. */
  readonly log: string;
}

/** Time between the request to stop and the kill, milliseconds. */
const STOP_MS = 5_000;
/** Time for a start, milliseconds. */
const START_MS = 20_000;
const SHOWN_CHARS = 2_000;

/** A Node process with a channel to this one. */
export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #log: string;

  constructor(plan: ChildPlan) {
    this.name = plan.name;
    this.#log = plan.log;
    const out = openSync(plan.log, 'w');
    const pinned = plan.core === undefined ? [] : ['taskset', '-c', String(plan.core)];
    const [command = '', ...args] = [...pinned, process.execPath, ...plan.args];
    this.#process = spawn(command, args, {
      stdio: ['ignore', out, out, 'ipc'],
      env: { ...process.env, ...plan.env },
      // The bench's own process handles a ^C at the terminal.
      detached: true,
    });
    closeSync(out);
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error(`${this.name} could not be started`);
    return pid;
  }

  send(message: object | string): void {
    this.#process.send(message);
  }

  /** The next message that `pick` takes; rejects with the end of its log when the process dies before. */
  async next<T>(pick: (message: unknown) => T | undefined, timeoutMs?: number): Promise<T> {
    const over = new AbortController();
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => over.abort(), timeoutMs);
    const died = (): void => over.abort();
    this.#process.once('exit', died);
    try {
      for (;;) {
        const [message] = await once(this.#process, 'message', { signal: over.signal });
        const picked = pick(message);
        if (picked !== undefined) return picked;
      }
    } catch {
      const { exitCode, signalCode } = this.#process;
      const end = exitCode === null ? signalCode : `code ${exitCode}`;
      const why = end === null ? 'said nothing in time' : `ended with ${end}`;
      throw new Error(`${this.name} ${why}\n${readFileSync(this.#log, 'utf8').slice(-SHOWN_CHARS)}`);
    } finally {
      clearTimeout(timer);
      this.#process.off('exit', died);
    }
  }

  ready(): Promise<unknown> {
    return this.next((message) => message, START_MS);
  }

  /** Ends it by SIGTERM, and by SIGKILL what has not ended then. */
  async stop(withinMs = STOP_MS): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), withinMs);
    await gone;
    clearTimeout(timer);
  }
}
