import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { processesWith } from '../support/run-processes.js';
import { whyNoMount } from './arena/able.js';
import { isWanted } from './form.js';

const MOCHA = fileURLToPath(new URL('../../../node_modules/mocha/bin/mocha.js', import.meta.url));
const SUITE = fileURLToPath(new URL('faults.test.js', import.meta.url));
/** What the processes of a suite have in their environment. */
const VARIABLE = 'FAULTS_LEFTOVERS';
/** Parts that stand still, a mount and, in the arenas of both, two crowds, Envoy and the service. */
const FAULTS = 'the service stands still for 5 s|the disk of logs';
const PROCESSES = whyNoMount() === undefined ? 8 : 4;
const signals = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;
/** Milliseconds for what comes and goes by itself on a machine that does other work besides. */
const COME_MS = 60_000;
const GO_MS = 20_000;

describe('a suite of faults that is interrupted', function () {
  this.timeout(COME_MS + GO_MS + 10_000);

  for (const signal of isWanted('long') ? signals : []) {
    it(`leaves no process, and with them no network, port or mount, behind after ${signal}`, async () => {
      const value = `${process.pid}-${signal}`;
      const mounts = mountsHere();
      const suite = spawn(process.execPath, [MOCHA, SUITE], {
        env: { ...process.env, FAULTS_FORM: 'all', FAULTS_REPORT: '', FAULTS_ONLY: FAULTS, [VARIABLE]: value },
        stdio: 'ignore',
      });
      const ended = once(suite, 'exit');
      const left = () => processesWith(VARIABLE, value).filter(({ pid }) => pid !== suite.pid);
      const stopped = (): boolean => left().some(({ pid }) => /^State:\s+T/m.test(statusOf(pid)));
      const never = new AbortController().signal;
      await waitFor('the faults did not begin', COME_MS, never, async () =>
        left().length >= PROCESSES && stopped() ? true : undefined,
      );
      suite.kill(signal);
      await ended;
      await waitFor('processes are left', GO_MS, never, async () => (left().length === 0 ? true : undefined));
      expect(mountsHere()).to.deep.equal(mounts);
    });
  }
});

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

/** Small disks of this machine; others may come and go. */
function mountsHere(): readonly string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes('/disk tmpfs'));
}
