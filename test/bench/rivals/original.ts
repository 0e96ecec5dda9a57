import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnTied } from '../../../dev/lifeline.js';
import { settleAll } from '../../../dev/ports.js';
import { accepts, waitFor } from '../../../dev/wait.js';

export interface OriginalPlan {
  /** A checkout of its branch that takes options. */
  readonly checkout: string;
  /** A Python that has what the checkout's `requirements.txt` names. */
  readonly python: string;
  /** PEM file of certificate and key. */
  readonly serverCertificate: string;
  readonly clientCa: string;
  readonly core: number | undefined;
}

export interface RunningOriginal {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Time for it to listen, milliseconds. */
const START_MS = 20_000;

/**
 * Starts the Micronets proxy on 127.0.0.1. What it logs, a line for each message among it, goes to /dev/null: nobody pays for keeping it.
 * Throws with one line that says what is missing.
 */
export async function startOriginal(plan: OriginalPlan): Promise<RunningOriginal> {
  const program = programOf(plan);
  const [port = 0] = await settleAll([{ name: 'the Micronets proxy', host: '127.0.0.1', port: 0, variable: '' }]);
  const bound = plan.core === undefined ? [] : ['taskset', '-c', String(plan.core)];
  const [command = '', ...args] = [
    ...[...bound, plan.python, program, '--bind-address', '127.0.0.1', '--bind-port', String(port)],
    ...['--server-cert', plan.serverCertificate, '--ca-certs', plan.clientCa],
  ];
  const child = spawnTied({ command, args, env: process.env, stdio: ['ignore', 'ignore', 'ignore'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
  };
  try {
    await waitFor('the Micronets proxy did not listen', START_MS, AbortSignal.timeout(START_MS), async () => {
      if (child.exitCode !== null) throw new Error(`the Micronets proxy ended with ${child.exitCode}: try ${program}`);
      return (await accepts(port)) || undefined;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid, port, stop };
}

/** The program of the checkout, which runs with this Python and takes options. */
function programOf({ checkout, python }: OriginalPlan): string {
  const program = join(checkout, 'bin/websocket-proxy.py');
  if (!existsSync(program))
    throw new Error(`${checkout} is no checkout of the Micronets proxy: it has no bin/websocket-proxy.py (--original)`);
  if (python.includes('/') && !existsSync(python)) {
    throw new Error(
      `there is no ${python}: the checkout's bin/setup-virtualenv.sh makes it, or name a Python by --original-python`,
    );
  }
  // Without options it would listen on all addresses, whatever it is asked.
  if (!readFileSync(program, 'utf8').includes('--bind-address')) {
    throw new Error(`${program} takes no options: check its branch nccoe-build-3 out (--original)`);
  }
  const { status, stderr, error } = spawnSync(python, [program, '--help'], { encoding: 'utf8', timeout: START_MS });
  if (status === 0) return program;
  const why = error?.message ?? stderr.trim().split('\n').at(-1);
  throw new Error(`${program} does not run: ${why} (--original-python)`);
}
