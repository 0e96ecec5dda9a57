import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { spawnTied } from '../../dev/lifeline.js';
import { settlePorts } from '../../dev/ports.js';
import { useNats } from '../support/nats.js';
import { follow, type Program, runProgram } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { ROOT } from '../support/sources.js';

/** A replica as Envoy's list has it. */
interface Listed {
  readonly name: string;
  readonly peers: string;
  readonly health: string;
}

describe('the entry point of a replica in Compose', () => {
  const nats = useNats();
  let scratch: Scratch;
  let started: Program[] = [];

  beforeEach(async () => {
    scratch = new Scratch();
    for (const name of ['bin', 'run']) mkdirSync(scratch.path(name));
    symlinkSync(join(ROOT, 'bin/ws-proxy.js'), scratch.path('bin/ws-proxy'));
    const files = ['--server-cert', 'tls/a.pem', '--server-key', 'tls/a.key', '--client-ca', 'ca.pem'];
    const rendered = runProgram('envoy', 'render', '--dir', scratch.path('run/envoy'), '--fleet', ...files);
    expect(await rendered.ended).to.equal(0);
  });
  afterEach(async () => {
    await Promise.all(started.map((one) => one.stop('SIGKILL')));
    started = [];
    scratch.remove();
  });

  /** One container. */
  async function start(variables: Readonly<Record<string, string>> = {}): Promise<Program> {
    const { metrics } = await settlePorts({ peers: 0, control: 0, metrics: 0, admin: 0 });
    const env = {
      ...process.env,
      PATH: [scratch.path('bin'), process.env['PATH']].join(delimiter),
      RUN: scratch.path('run'),
      WS_PROXY_NATS: nats().url,
      WS_PROXY_METRICS_PORT: String(metrics),
      WS_PROXY_POLICY: 'any-verified',
      WS_PROXY_LOG_FORMAT: 'json',
      ...variables,
    };
    const script = join(ROOT, 'deploy/compose/replica.sh');
    const program = follow(spawnTied({ command: 'sh', args: [script], env, stdio: ['pipe', 'pipe', 'pipe'] }));
    started.push(program);
    return program;
  }

  const ready = (program: Program): Promise<string> => program.line('stdout', /"ready"/);

  async function listed(): Promise<readonly Listed[]> {
    const program = runProgram('envoy', 'replicas', 'list', '--dir', scratch.path('run/envoy'), '-o', 'json');
    return JSON.parse(await program.line('stdout', /^\[/));
  }

  const names = async (): Promise<string> => (await listed()).map(({ name }) => name).join(' ');

  it('takes the lowest free number, one each however many start at once, and puts itself on the list', async () => {
    const three = await Promise.all([start(), start(), start()]);
    await Promise.all(three.map(ready));
    expect(await names()).to.equal('replica-1 replica-2 replica-3');
    const [first] = await listed();
    expect(first?.peers).to.equal(`unix:${scratch.path('run/1/proxy.sock')}`);
    expect(first?.health).to.match(/^[\d.]+:\d+$/);
  });

  it('takes the number of one that was killed, and takes off the list who is gone', async () => {
    await Promise.all((await Promise.all([start(), start(), start()])).map(ready));
    expect(await listed()).to.have.length(3);
    for (const one of started) await one.stop('SIGKILL');
    await ready(await start());
    expect(await names()).to.equal('replica-1');
  });

  it('says so when every number is taken', async () => {
    await ready(await start());
    const second = await start({ SLOTS: '1' });
    await second.line('stderr', /^error: all 1 numbers are taken: raise WS_PROXY_SLOTS/);
    expect(await second.ended).to.equal(1);
  });
});
