import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../dev/lifeline.sh', import.meta.url));

type Stdio = 'ignore' | 'pipe' | number;

/** The plan for a process that does not outlive this one. */
export interface TiedPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Its standard input, output and error, as `spawn` has them. */
  readonly stdio: readonly [Stdio, Stdio, Stdio];
}

/**
 * Starts a process that ends within two seconds of this one, however this one ends: `lifeline.sh` says how. It leads a process
 * group and a session of its own, so a terminal's signals do not reach it. `close` is emitted when nothing of it is left.
 */
export function spawnTied({ command, args, env, stdio }: TiedPlan): ChildProcess {
  const child = spawn('/bin/sh', [script, command, ...args], {
    stdio: [...stdio, 'pipe'],
    env,
    detached: true,
  });
  const lifeline = child.stdio[3] as Socket | null | undefined;
  // If its watcher was killed, nobody reads this pipe, and the write fails.
  lifeline?.on('error', () => {}).resume();
  child.once('exit', () => lifeline?.end('\n'));
  return child;
}
