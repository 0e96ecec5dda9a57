import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type FleetRecord, recordedFleet } from '../../dev/fleet/fleet-record.js';
import { accepts, get, waitFor } from '../../dev/wait.js';
import { WssClient } from '../support/client.js';
import { runProgram, runProgramWith } from '../support/program.js';
import { noneLeft, processesWith } from '../support/run-processes.js';
import { type StartedProxy, startProxy } from '../support/started-proxy.js';

/** Milliseconds for Envoy to take up what it is told. */
const SOON_MS = 10_000;
const never = new AbortController().signal;
const FLEET = ['nats', 'replica-1', 'replica-2', 'replica-3', 'envoy-1', 'envoy-2'];

describe('npm run start:fleet', function () {
  this.timeout(120_000);
  let proxy: StartedProxy | undefined;
  const clients: WssClient[] = [];

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.error(proxy?.lines.join('\n'));
    for (const client of clients.splice(0)) await client.terminate();
    await proxy?.clean();
    proxy = undefined;
  });

  async function startFleet(env: NodeJS.ProcessEnv = {}, runDir?: string): Promise<StartedProxy> {
    proxy = await startProxy(env, runDir, '--fleet');
    return proxy;
  }

  async function peer({ runDir }: StartedProxy, role: string, url: string): Promise<WssClient> {
    const read = (name: string): Promise<string> => readFile(join(runDir, 'certs', name), 'utf8');
    const [ca, certificate, key] = [
      await read('root.cert.pem'),
      await read(`${role}.cert.pem`),
      await read(`${role}.key.pem`),
    ];
    const client = await WssClient.open(url, { der: Buffer.alloc(0), certificate, key }, { ca });
    clients.push(client);
    client.hello(role);
    return client;
  }

  /** Two peers that meet, each through an Envoy of its own, and a message each way. */
  async function meet(started: StartedProxy, urls: readonly string[], id: string): Promise<void> {
    const [first = '', second = first] = urls;
    const manager = await peer(started, 'manager', `${first}sub/${id}`);
    const gateway = await peer(started, 'gateway', `${second}sub/${id}`);
    await Promise.all([manager.next(), gateway.next()]);
    manager.send('there');
    expect(await gateway.next()).to.equal('there');
    gateway.send('back');
    expect(await manager.next()).to.equal('back');
  }

  it('has three replicas behind two Envoys, and names each Envoy in one line', async () => {
    const started = await startFleet();
    const ready = await started.ready;
    expect(ready).to.match(
      /^ready( wss:\/\/localhost:\d+\/micronets\/v1\/ws-proxy\/){2} control( localhost:\d+){2} metrics( http:\/\/127\.0\.0\.1:\d+\/metrics){3} page http:\S+\/$/,
    );
    expect(started.lines.filter((line) => !line.startsWith('made '))).to.deep.equal([ready]);
    const recorded = recordedFleet(started.runDir);
    expect(recorded.map(({ name }) => name)).to.deep.equal(FLEET);
    for (const { pid, port } of recorded) {
      expect(() => process.kill(pid, 0)).not.to.throw();
      expect(await accepts(port)).to.equal(true);
    }
    const urls = urlsOf(ready);
    await Promise.all(Array.from({ length: 12 }, (_, id) => meet(started, urls, String(id))));

    started.process.kill('SIGTERM');
    expect(await started.ended).to.deep.equal({ code: 0, signal: null });
    for (const { pid } of recorded) expect(() => process.kill(pid, 0)).to.throw('ESRCH');
    expect(existsSync(join(started.runDir, 'fleet.json'))).to.equal(false);
    expect(started.lines.filter((line) => line.startsWith('ready '))).to.have.length(1);
  });

  it('joins two peers that come to two replicas, as where the Envoys do not have the same list', async () => {
    const started = await startFleet();
    const ready = await started.ready;
    const dir = join(started.runDir, 'envoy-2');
    const remove = ['envoy', 'replicas', 'remove', 'replica-1', 'replica-2', '--dir', dir];
    expect(await runProgram(...remove).ended).to.equal(0);
    const admin = readFileSync(join(started.runDir, 'log/envoy-2-admin.address'), 'utf8');
    const name = 'cluster.rendezvous.membership_total';
    await waitFor('the list was not taken up', SOON_MS, never, async () => {
      return (await get(`http://${admin.trim()}/stats?filter=^${name}$`))?.includes(`${name}: 1`) || undefined;
    });
    await Promise.all(Array.from({ length: 12 }, (_, id) => meet(started, urlsOf(ready), `split/${id}`)));
    const metrics = ready.match(/http:\S+\/metrics/g) ?? [];
    const pages = await Promise.all(metrics.map(async (url) => (await fetch(url)).text()));
    expect(pages.join('\n')).to.match(/^ws_proxy_hops_answered_total\{.*accepted.*\} [1-9]/m);
  });

  it('is found healthy by the doctor, who looks where the run is', async () => {
    const started = await startFleet();
    await started.ready;
    const program = runProgramWith({ WS_PROXY_RUN_DIR: started.runDir }, 'doctor', '-o', 'json');
    await program.line('stdout', /^\{/);
    const fault = await program.line('stdout', /"status": "(?:fault|warning)"/).catch(() => 'none');
    expect([await program.ended, fault]).to.deep.equal([0, 'none']);
  });

  it('goes on when any part is killed, starts that part again, and says both', async () => {
    const started = await startFleet();
    const urls = urlsOf(await started.ready);
    for (const [name, others] of [
      ['replica-2', urls],
      ['envoy-1', urls.slice(1)],
      ['nats', []],
    ] as const) {
      const before = named(started, name);
      process.kill(before.pid, 'SIGKILL');
      await started.line(
        new RegExp(`^${name}: was killed by SIGKILL; it starts again in 3 s; its log is .*/${name}\\.log$`),
      );
      expect(recordedFleet(started.runDir).map((one) => one.name)).not.to.include(name);
      if (others.length > 0) await meet(started, others, `without/${name}`);
      const back = await started.line(new RegExp(`^${name}: is back \\(process \\d+\\)$`));
      const now = named(started, name);
      expect(back).to.include(`(process ${now.pid})`);
      expect(now).to.include({ port: before.port }).and.not.include({ pid: before.pid });
      await meet(started, urls, `with/${name}`);
    }
    expect(recordedFleet(started.runDir).map(({ name }) => name)).to.deep.equal(FLEET);
  });

  it('shows what its parts warn of, with the name of the part', async () => {
    const started = await startFleet({ WS_PROXY_POLICY: undefined });
    await started.ready;
    // A policy that cannot be read is a warning of each replica.
    const policy = join(started.runDir, 'policy.yaml');
    await rm(policy);
    for (const at of [1, 2, 3]) await started.line(new RegExp(`^replica-${at}: .* (WARN|ERROR) .*policy`));
  });

  it('says which part does not come up, and why, and leaves nothing', async () => {
    const started = await startFleet({ WS_PROXY_MAX_CONNECTIONS: 'many' });
    expect((await started.ended).code).to.equal(1);
    expect(started.lines.join('\n')).to.match(/^error: replica-\d exited with code 2: its log is .*replica-\d\.log$/m);
    expect(started.lines.join('\n')).to.include('  error: environment variable WS_PROXY_MAX_CONNECTIONS');
    await noneLeft(started.runDir);
  });

  it('names the port that is in use, and the variable that moves it', async () => {
    const other = createServer().listen(0, '0.0.0.0');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const started = await startFleet({ WS_PROXY_PORT: String(port - 10) });
      expect((await started.ended).code).to.equal(1);
      expect(started.lines).to.deep.equal([
        `error: port ${port} (peers of envoy-2, 10 above WS_PROXY_PORT) is in use: stop what listens there, or set WS_PROXY_PORT to another port`,
      ]);
    } finally {
      await once(other.close(), 'close');
    }
  });

  for (const [name, value] of [
    ['WS_PROXY_REPLICAS', '0'],
    ['WS_PROXY_REPLICAS', '65'],
    ['WS_PROXY_REPLICAS', 'three'],
    ['NATS_PORT', '70000'],
  ] as const) {
    it(`refuses ${name}=${value}`, async () => {
      const started = await startFleet({ [name]: value });
      expect((await started.ended).code).to.equal(1);
      expect(started.lines).to.have.length(1);
      expect(started.lines[0]).to.match(new RegExp(`^error: ${name} must be a .* from \\d+ to \\d+, not "${value}"$`));
    });
  }

  it('runs beside another one, also where the run directory lies deep', async () => {
    const base = await mkdtemp(join(tmpdir(), 'ws-proxy-deep-'));
    const deep = await startProxy({}, join(base, 'x'.repeat(100), 'run'), '--fleet');
    try {
      const started = await startFleet({ WS_PROXY_REPLICAS: '2' });
      const readies = await Promise.all([started.ready, deep.ready]);
      await meet(started, urlsOf(readies[0]), 'a');
      await meet(deep, urlsOf(readies[1]), 'a');
      expect(recordedFleet(started.runDir).map(({ name }) => name)).to.deep.equal(
        FLEET.filter((name) => name !== 'replica-3'),
      );
    } finally {
      await deep.clean();
      await rm(base, { recursive: true });
    }
  });

  it('ends what a start that was killed had left running', async () => {
    const killed = await startFleet();
    await killed.ready;
    const left = recordedFleet(killed.runDir);
    // The watchers tie the parts to their start and would end them, so they are killed, too.
    const watchers = processesWith('WS_PROXY_RUN_DIR', killed.runDir).filter(({ parent }) =>
      left.some(({ pid }) => pid === parent),
    );
    for (const { pid } of watchers) process.kill(pid, 'SIGKILL');
    killed.process.kill('SIGKILL');
    await killed.ended;
    const started = await startFleet({}, killed.runDir);
    await started.ready;
    for (const { name, pid } of left) {
      expect(started.lines.some((line) => line.startsWith(`ended ${name} (process ${pid})`))).to.equal(true);
      expect(() => process.kill(pid, 0)).to.throw('ESRCH');
    }
  });
});

function named(started: StartedProxy, wanted: string): FleetRecord {
  const found = recordedFleet(started.runDir).find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`${wanted} does not run`);
  return found;
}

function urlsOf(ready: string): string[] {
  return ready.match(/wss:\S+/g) ?? [];
}
