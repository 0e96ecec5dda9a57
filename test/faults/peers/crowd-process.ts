import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnTied } from '../../../dev/lifeline.js';
import type { History } from '../judge/history.js';
import type { CrowdOrder, CrowdStatus, CrowdWord } from './crowd-order.js';

const SCRIPT = fileURLToPath(new URL('crowd.js', import.meta.url));
const SHOWN_CHARS = 2_000;

/** A crowd, seen from whoever gives it orders. */
export class CrowdProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #log: string;
  readonly #done: (() => void)[] = [];
  readonly #looks = new Set<() => void>();
  #status: CrowdStatus = { paired: 0, settled: 0, losses: 0, answered: 0 };
  #isUp = false;
  #isGone = false;
  #how = '';
  readonly ended: Promise<void>;

  /** @param around what stands before the command, such as `unshare --net` */
  constructor(log: string, env: NodeJS.ProcessEnv, around: readonly string[] = []) {
    const [command = '', ...args] = [...around, process.execPath, SCRIPT];
    const out = openSync(log, 'w');
    this.#child = spawnTied({ command, args, env, stdio: ['pipe', 'pipe', out] });
    closeSync(out);
    this.#log = log;
    const { pid, stdout, stdin } = this.#child;
    if (pid === undefined || stdout === null) throw new Error('the crowd could not be started');
    this.pid = pid;
    stdin?.on('error', () => {});
    createInterface({ input: stdout }).on('line', (line) => this.#hear(JSON.parse(line) as CrowdWord));
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#isGone = true;
        this.#how = signal ?? `code ${code}`;
        this.#look();
        resolve();
      });
    });
  }

  get status(): CrowdStatus {
    return this.#status;
  }

  /** Resolves when it runs, with all that stands around its command done. */
  up(): Promise<void> {
    return this.until(() => this.#isUp);
  }

  /** Resolves when it is done. */
  async order(order: CrowdOrder): Promise<void> {
    let isDone = false;
    this.#done.push(() => {
      isDone = true;
    });
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    await this.until(() => isDone);
  }

  /** Resolves when the status is so; rejects when the crowd has ended, or the signal's reason on abort. */
  until(isSo: (status: CrowdStatus) => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!isSo(this.#status) && !this.#isGone && signal?.aborted !== true) return;
        this.#looks.delete(look);
        signal?.removeEventListener('abort', look);
        if (isSo(this.#status)) resolve();
        else reject(this.#isGone ? new Error(`a crowd ended by ${this.#how}: ${this.#words()}`) : signal?.reason);
      };
      this.#looks.add(look);
      signal?.addEventListener('abort', look);
      look();
    });
  }

  /** Saves what its peers saw. */
  async save(file: string): Promise<History> {
    await this.order({ t: 'save', file });
    return JSON.parse(readFileSync(file, 'utf8')) as History;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #hear(word: CrowdWord): void {
    if (word.t === 'done') this.#done.shift()?.();
    else this.#status = word;
    this.#isUp = true;
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }

  #words(): string {
    return readFileSync(this.#log, 'utf8').slice(-SHOWN_CHARS);
  }
}
