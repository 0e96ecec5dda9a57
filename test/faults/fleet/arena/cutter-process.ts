import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnTied } from '../../../../dev/lifeline.js';
import type { CableEnds, Cut, CutterOrder, CutterWord } from './cutter-order.js';

const SCRIPT = fileURLToPath(new URL('cutter.js', import.meta.url));

/** The cutter, seen from whoever gives it orders. */
export class CutterProcess {
  readonly #child: ChildProcess;
  readonly #answers: ((word: CutterWord) => void)[] = [];
  readonly #ended: Promise<void>;

  constructor(log: string, env: NodeJS.ProcessEnv) {
    const out = openSync(log, 'w');
    this.#child = spawnTied({ command: process.execPath, args: [SCRIPT], env, stdio: ['pipe', 'pipe', out] });
    closeSync(out);
    const { stdin, stdout } = this.#child;
    if (stdout === null) throw new Error('the cutter could not be started');
    stdin?.on('error', () => {});
    createInterface({ input: stdout }).on('line', (line) => this.#answers.shift()?.(JSON.parse(line) as CutterWord));
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', () => {
        for (const answer of this.#answers.splice(0)) answer({ fault: `the cutter has ended: see ${log}` });
        resolve();
      });
    });
  }

  /** Lays a cable from one port to another. */
  async open(ends: CableEnds, port: number, target: number): Promise<void> {
    await this.#order({ t: 'open', ...ends, port, target });
  }

  /** Has all cables to that end refuse who dials. */
  async shut(to: string): Promise<void> {
    await this.#order({ t: 'shut', to });
  }

  /** Says which processes have which names. */
  async name(pids: Readonly<Record<string, number>>): Promise<void> {
    await this.#order({ t: 'name', pids });
  }

  /** Cuts these and no others. */
  async cut(...between: readonly Cut[]): Promise<void> {
    await this.#order({ t: 'cut', between });
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #order(order: CutterOrder): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) throw new Error('the cutter has ended');
    const word = await new Promise<CutterWord>((resolve) => {
      this.#answers.push(resolve);
      this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    });
    if (word.fault !== undefined) throw new Error(`the cutter: ${word.fault}`);
  }
}
