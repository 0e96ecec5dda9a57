import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { spawnTied } from './lifeline.js';

/** The plan for one part of the proxy. */
export interface PartPlan {
  /** The name of the part, for people. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Files that take its output; what is in them goes, unless the part is one that was there before and is started anew. */
  readonly stdout: string;
  readonly stderr: string;
  readonly isAnew?: boolean;
}

/**
 * One running part: a child process, which does not outlive this one however this one ends. A ^C at the terminal reaches the
 * supervisor alone, which stops its parts in order.
 */
export interface Part {
  readonly name: string;
  readonly pid: number | undefined;
  /** The log in which it says why it died. */
  readonly log: string;
  /** Settles once, with how it ended: `exited with code 1`, `was killed by SIGKILL`, `could not be started: …`. */
  readonly ended: Promise<string>;
  /** SIGTERM, then SIGKILL after `graceMs`; settles when the process is gone. */
  stop(graceMs: number): Promise<void>;
}

/** Exit codes of a shell that could not run a command. */
const NOT_RUN: ReadonlyMap<number | null, string> = new Map([
  [126, 'may not be run'],
  [127, 'is missing'],
]);

export function startPart(plan: PartPlan): Part {
  const flag = plan.isAnew === true ? 'a' : 'w';
  const out = openSync(plan.stdout, flag);
  const err = plan.stderr === plan.stdout ? out : openSync(plan.stderr, flag);
  const { command, args, env = process.env } = plan;
  const child = spawnTied({ command, args, env, stdio: ['ignore', out, err] });
  closeSync(out);
  if (err !== out) closeSync(err);
  const ended = endOf(child, command);
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

function endOf(child: ChildProcess, command: string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      const fault = NOT_RUN.get(code);
      if (fault !== undefined) resolve(`could not be started: ${command} ${fault}`);
      else resolve(signal === null ? `exited with code ${code}` : `was killed by ${signal}`);
    });
  });
}
