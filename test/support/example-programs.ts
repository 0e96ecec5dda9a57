import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { documentedPolicy } from './documented-policy.js';
import { follow, type Program, runProgram } from './program.js';
import { Scratch } from './scratch.js';
import { ROOT } from './sources.js';
import { type Stack, useStack } from './stack.js';

/** Where the peers of the examples meet. */
export const EXAMPLE_MEETUP = 'sub/7/gateway';
/** Milliseconds for one test: interpreters start, and a silence is waited for. */
const TEST_MS = 60_000;

/** The product, and programs that are run against it from a folder of their own. */
export interface ExampleScene {
  readonly stack: () => Stack;
  readonly url: () => string;
  /** Address of the control API. */
  readonly control: () => string;
  /** The files of a certificate with its key, of `gateway`, `manager` or `admin`, and of the root. */
  readonly files: (name: string) => [string, string];
  /** Starts a program; an example is named by its path. It is gone after the test. */
  readonly run: (command: string, ...args: readonly string[]) => Program;
  /** Starts a command of this project in the same way. */
  readonly own: (...args: readonly string[]) => Program;
}

/** The path of an example. */
export function example(name: string): string {
  return join(ROOT, 'examples', name);
}

/** Mocha hooks: one stack for all examples of a suite, whose pings come quickly, and the certificates of who is there. */
export function useExamples(): ExampleScene {
  const scratch = new Scratch();
  let programs: Program[] = [];
  // The proxy has more patience for the answers to its pings, since the machine may be busy.
  const stack = useStack((own) => ({
    control: true,
    flags: { policy: own.write('policy.yaml', documentedPolicy()), 'ping-interval': '200ms', 'ping-timeout': '5s' },
  }));
  before(() => {
    scratch.write('root.pem', stack().ca);
    const owners = {
      gateway: stack().gateway('gateway'),
      manager: stack().issue('manager'),
      admin: stack().issue('admin'),
    };
    for (const [name, { key, certificate }] of Object.entries(owners)) scratch.write(`${name}.pem`, key + certificate);
  });
  beforeEach(function () {
    this.currentTest?.timeout(TEST_MS);
  });
  afterEach(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
    programs = [];
  });
  after(() => scratch.remove());

  const followed = (program: Program): Program => {
    programs.push(program);
    return program;
  };
  return {
    stack,
    url: () => `wss://localhost:${stack().port}${stack().prefix}${EXAMPLE_MEETUP}`,
    control: () => `localhost:${stack().edge.ports.control}`,
    files: (name) => [scratch.path(`${name}.pem`), scratch.path('root.pem')],
    run: (command, ...args) => {
      const env = { PATH: process.env['PATH'], PYTHONPATH: process.env['PYTHONPATH'] };
      return followed(follow(spawn(command, args, { cwd: scratch.directory, env, stdio: ['pipe', 'pipe', 'pipe'] })));
    },
    own: (...args) => followed(runProgram(...args)),
  };
}
