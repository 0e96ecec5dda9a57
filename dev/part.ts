import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync } from 'node:fs';

/** How to start one part of the proxy. */
export interface PartPlan {
  /** What people call it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Files that take its output; the ones of the run before are kept as `*.old`. */
  readonly stdout: string;
  readonly stderr: string;
  /** In a process group of its own: a ^C at the terminal reaches the supervisor alone, which stops its parts in order. */
  readonly shielded?: boolean;
}

/** One running part: a child process, which does not outlive this one unless this one is killed by SIGKILL. */
export interface Part {
  readonly name: string;
  readonly pid: number | undefined;
  /** Where it says why it died. */
  readonly log: string;
  /** Settles once, with how it ended: `exited with code 1`, `was killed by SIGKILL`, `could not be started: …`. */
  readonly ended: Promise<string>;
  /** SIGTERM, then SIGKILL after `graceMs`; settles when the process is gone. */
  stop(graceMs: number): Promise<void>;
}

export function startPart(plan: PartPlan): Part {
  const out = openLog(plan.stdout);
  const err = plan.stderr === plan.stdout ? out : openLog(plan.stderr);
  const child = spawn(plan.command, plan.args, {
    stdio: ['ignore', out, err],
    env: plan.env ?? process.env,
    detached: plan.shielded === true,
  });
  closeSync(out);
  if (err !== out) closeSync(err);
  const ended = endOf(child);
  const orphaned = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', orphaned);
  ended.then(() => process.off('exit', orphaned));
  return {
    name: plan.name,
    pid: child.pid,
    log: plan.stderr,
    ended,
    async stop(graceMs) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `exited with code ${code}` : `was killed by ${signal}`);
    });
  });
}

function openLog(path: string): number {
  if (existsSync(path)) renameSync(path, `${path}.old`);
  return openSync(path, 'w');
}
