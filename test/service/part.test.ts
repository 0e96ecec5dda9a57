import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { spawnTied } from '../../dev/lifeline.js';
import { type Part, startPart } from '../../dev/part.js';
import { waitFor } from '../../dev/wait.js';
import { follow } from '../support/program.js';
import { processesWith } from '../support/run-processes.js';
import { Scratch } from '../support/scratch.js';

const partModule = new URL('../../dev/part.js', import.meta.url).href;
/** Tells the processes of one test from all others. */
const MARK = 'WS_PROXY_TEST_PART';
/** Milliseconds for work that takes two seconds on an idle machine. */
const GO_MS = 15_000;

describe('part', function () {
  this.timeout(30_000);
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(() => scratch.remove());

  function start(command: string, ...args: readonly string[]): Part {
    const log = scratch.path('log');
    const env = { PATH: process.env['PATH'], [MARK]: scratch.directory };
    return startPart({ name: 'it', command, args, env, stdout: log, stderr: log });
  }

  const left = () => processesWith(MARK, scratch.directory);

  it('says how a process ended, and nothing of it is left then', async () => {
    for (const [script, how] of [
      ['exit 0', 'exited with code 0'],
      ['exit 3', 'exited with code 3'],
      ['kill -KILL $$', 'was killed by SIGKILL'],
    ] as const) {
      expect(await start('/bin/sh', '-c', script).ended).to.equal(how);
      expect(left()).to.deep.equal([]);
    }
  });

  it('says what could not be started', async () => {
    const missing = scratch.path('missing');
    expect(await start(missing).ended).to.equal(`could not be started: ${missing} is missing`);
    const plain = scratch.write('plain', '');
    chmodSync(plain, 0o644);
    expect(await start(plain).ended).to.equal(`could not be started: ${plain} may not be run`);
    expect(left()).to.deep.equal([]);
  });

  it('passes arguments and the process id on as they are', async () => {
    const odd = ['', ' a  b ', '$HOME', '"', "'", '*', '-n', 'ü\n'];
    const part = start(
      process.execPath,
      '-e',
      'console.log(JSON.stringify([process.pid, ...process.argv.slice(1)]))',
      '--',
      ...odd,
    );
    expect(await part.ended).to.equal('exited with code 0');
    expect(JSON.parse(readFileSync(scratch.path('log'), 'utf8'))).to.deep.equal([part.pid, ...odd]);
  });

  it('is killed when it takes no notice of SIGTERM', async () => {
    const part = start(
      process.execPath,
      '-e',
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('deaf')",
    );
    await waitFor(
      'it did not start',
      GO_MS,
      new AbortController().signal,
      async () => readFileSync(scratch.path('log'), 'utf8').includes('deaf') || undefined,
    );
    await part.stop(1);
    expect(await part.ended).to.equal('was killed by SIGKILL');
    expect(left()).to.deep.equal([]);
  });

  for (const [what, script] of [
    ['a process', 'exec sleep 1000'],
    ['what a process has started', 'sleep 1000 & sleep 1000'],
    ['a process that takes no notice of signals', "trap '' TERM INT HUP; sleep 1000; sleep 1000"],
  ] as const) {
    it(`ends ${what} when who started it is killed`, async () => {
      const plan = {
        name: 'it',
        command: '/bin/sh',
        args: ['-c', script],
        stdout: scratch.path('log'),
        stderr: scratch.path('log'),
      };
      const holder = `import { startPart } from '${partModule}'; startPart(${JSON.stringify(plan)}); console.log('started');`;
      const child = spawnTied({
        command: process.execPath,
        args: ['--input-type=module', '--eval', holder],
        env: { PATH: process.env['PATH'], [MARK]: scratch.directory },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const gone = once(child, 'exit');
      await follow(child).line('stdout', /^started/);
      expect(left().length).to.be.greaterThan(2);
      child.kill('SIGKILL');
      await gone;
      const none = async (): Promise<true | undefined> => left().length === 0 || undefined;
      await waitFor('it did not end', GO_MS, new AbortController().signal, none);
    });
  }
});
