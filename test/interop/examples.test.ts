import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { connect } from '../../library/peer/connect.js';
import { jsonOf } from '../../peer/body.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { follow, type Program } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { ROOT } from '../support/sources.js';
import { useStack } from '../support/stack.js';

const MEETUP = 'sub/7/gateway';
const python = process.env['PYTHON'] ?? 'python3';
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('the examples', function () {
  // Interpreters start.
  this.timeout(60_000);
  const scratch = new Scratch();
  let programs: Program[] = [];
  const stack = useStack((own) => ({ control: true, flags: { policy: own.write('policy.yaml', documentedPolicy()) } }));

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
    this.currentTest?.timeout(60_000);
  });
  afterEach(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
    programs = [];
  });
  after(() => scratch.remove());

  const url = (): string => `wss://localhost:${stack().port}${stack().prefix}${MEETUP}`;
  const control = (): string => `localhost:${stack().edge.ports.control}`;
  const files = (name: string): [string, string] => [scratch.path(`${name}.pem`), scratch.path('root.pem')];
  const run = (command: string, example: string, ...args: readonly string[]): Program => {
    const env = { PATH: process.env['PATH'], PYTHONPATH: process.env['PYTHONPATH'] };
    const all = [join(ROOT, 'examples', example), ...args];
    const program = follow(spawn(command, all, { cwd: scratch.directory, env, stdio: ['pipe', 'pipe', 'pipe'] }));
    programs.push(program);
    return program;
  };
  const gateway = (): Program => run(python, 'python/gateway.py', url(), ...files('gateway'));
  const manager = (...paths: readonly string[]): Program =>
    run(python, 'python/manager.py', url(), ...files('manager'), ...paths);

  it('a gateway and a manager in Python meet, call, tell, and the gateway comes back for the next one', async () => {
    gateway();
    for (let round = 0; round < 2; round += 1) {
      const asking = manager('/echo', '/bytes', '/none');
      expect(await asking.line('stdout', /^paired/)).to.equal('paired with example-python-gateway');
      expect(await asking.line('stdout', /^EVENT/)).to.equal('EVENT:EXAMPLE:ready {"paths": 2}');
      expect(await asking.line('stdout', /^\/echo/)).to.equal('/echo 200 null');
      expect(await asking.line('stdout', /^\/bytes/)).to.equal('/bytes 200 256 bytes');
      expect(await asking.line('stdout', /^\/none/)).to.equal('/none 404 {"error": "no /none here"}');
      expect(await asking.ended).to.equal(0);
    }
  });

  it('the gateway in Python answers a manager of the library, JSON and bytes as they were sent', async () => {
    gateway();
    const [cert, ca] = files('manager');
    const peer = connect({ url: url(), credentials: { cert, ca }, peerClass: 'test', httpProxy: false });
    try {
      await peer.paired();
      const body = { kind: 'json', text: '{"n": 1.50}' } as const;
      const echoed = await peer.request({ method: 'POST', path: '/echo', body });
      expect([echoed.statusCode, jsonOf(echoed.body)]).to.deep.equal([200, { n: 1.5 }]);
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
      const got = await peer.request({ method: 'GET', path: '/bytes' });
      expect(got.body).to.deep.include({ kind: 'binary', bytes });
      // Larger than what its library takes by itself.
      const large = {
        kind: 'binary',
        bytes: Buffer.alloc(2 * 1024 * 1024, 1),
      } as const;
      const back = await peer.request({ method: 'POST', path: '/echo', body: large });
      expect(back.body.kind === 'binary' && back.body.bytes.equals(large.bytes)).to.equal(true);
    } finally {
      await peer.stop();
    }
  });

  it('the gateway in Python lets a second pass before it dials again', async () => {
    gateway();
    const [cert, ca] = files('manager');
    const meet = async (): Promise<number> => {
      const peer = connect({ url: url(), credentials: { cert, ca }, peerClass: 'test', httpProxy: false });
      await peer.paired();
      const met = performance.now();
      await peer.stop();
      return met;
    };
    const first = await meet();
    expect((await meet()) - first).to.be.at.least(1_000);
  });

  it('the manager in Python takes an answer larger than what its library does by itself', async () => {
    const [cert, ca] = files('gateway');
    const body = {
      kind: 'binary',
      bytes: Buffer.alloc(2 * 1024 * 1024, 1),
    } as const;
    const handler = () => ({ statusCode: 200, headers: [], body });
    const peer = connect({ url: url(), credentials: { cert, ca }, peerClass: 'test', httpProxy: false, handler });
    try {
      const asking = manager('/large');
      expect(await asking.line('stdout', /^\/large/)).to.equal('/large 200 2097152 bytes');
      expect(await asking.ended).to.equal(0);
    } finally {
      await peer.stop();
    }
  });

  it('the operator in Python lists who is there, and hears who comes', async () => {
    const first = await stack().open(stack().gateway('gateway'), MEETUP);
    first.hello('gateway');
    const image = join(ROOT, 'proto/control.binpb');
    const operator = run(python, 'python/control.py', control(), ...files('admin'), image);
    await operator.line('stdout', /^live sub\/7\/gateway$/);
    await operator.line('stdout', /^SESSION_EVENT_TYPE_SNAPSHOT_DONE/);
    const second = await stack().open(stack().gateway('gw-2'), 'sub/7/gw-2');
    second.hello('gw-2');
    await operator.line('stdout', /^SESSION_EVENT_TYPE_ADDED sub\/7\/gw-2$/);
    const stranger = run(python, 'python/control.py', control(), ...files('gateway'), image);
    await stranger.line('stderr', /^PERMISSION_DENIED: /);
    expect(await stranger.ended).to.equal(1);
  });

  it(`the operator in the shell asks by curl${hasCurl ? '' : ' (skipped: there is no curl)'}`, async function () {
    if (!hasCurl) return this.skip();
    const client = await stack().open(stack().gateway('gateway'), MEETUP);
    client.hello('gateway');
    const operator = run('sh', 'curl/control.sh', control(), ...files('admin'), MEETUP);
    await operator.line('stdout', /"callerRights":\["viewer","operator","admin"/);
    await operator.line('stdout', /"meetupId":"sub\/7\/gateway"/);
    expect(await operator.ended).to.equal(0);
  });
});
