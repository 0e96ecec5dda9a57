import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { accepts } from '../../dev/wait.js';
import { sendRaw } from '../support/raw-request.js';
import { processesWith, type RunProcess } from '../support/run-processes.js';
import { type StartedProxy, startProxy } from '../support/started-proxy.js';

describe('npm start', function () {
  this.timeout(30_000);
  let proxy: StartedProxy;

  afterEach(() => proxy.clean());

  it('gets ready, lets the gateway in and stops on SIGTERM without a trace', async () => {
    proxy = await startProxy();
    const ready = await proxy.ready;
    expect(proxy.lines.filter((line) => line.startsWith('ready '))).to.deep.equal([ready]);
    const parts = children(proxy);
    expect(parts.map(({ file }) => file).sort()).to.deep.equal(['envoy', 'node']);
    expect(await upgradeAs('gateway', proxy, ready)).to.equal(101);
    const [, page = ''] = / page (\S+)$/.exec(ready) ?? [];
    expect(await (await fetch(page)).text()).to.match(/^<!doctype html>/);

    proxy.process.kill('SIGTERM');
    expect(await proxy.ended).to.deep.equal({ code: 0, signal: null });
    for (const { pid } of parts) expect(() => process.kill(pid, 0)).to.throw('ESRCH');
    for (const port of portsOf(ready)) expect(await accepts(port), `port ${port}`).to.equal(false);
  });

  it('has its meetups below WS_PROXY_PATH_PREFIX, and names it', async () => {
    proxy = await startProxy({ WS_PROXY_PATH_PREFIX: '/fleet/7/' });
    const ready = await proxy.ready;
    expect(ready).to.match(/^ready wss:\/\/localhost:\d+\/fleet\/7\/ control /);
    expect(await upgradeAs('gateway', proxy, ready, '/fleet/7/sub/1/2')).to.equal(101);
    expect(await upgradeAs('gateway', proxy, ready)).to.equal(404);
  });

  it('refuses a prefix that is none', async () => {
    proxy = await startProxy({ WS_PROXY_PATH_PREFIX: 'fleet' });
    expect((await proxy.ended).code).to.equal(1);
    expect(proxy.lines).to.deep.equal([
      'error: WS_PROXY_PATH_PREFIX must be a path such as /micronets/v1/ws-proxy/, not "fleet": it does not begin with /',
    ]);
  });

  it('stops on SIGINT too, and starts again on what is there', async () => {
    proxy = await startProxy();
    await proxy.ready;
    const root = await readFile(join(proxy.runDir, 'certs/root.cert.pem'), 'utf8');
    proxy.process.kill('SIGINT');
    expect((await proxy.ended).code).to.equal(0);

    proxy = await startProxy({}, proxy.runDir);
    await proxy.ready;
    expect(proxy.lines).to.have.length(1);
    expect(await readFile(join(proxy.runDir, 'certs/root.cert.pem'), 'utf8')).to.equal(root);
  });

  for (const [part, name] of [
    ['the service', 'node'],
    ['Envoy', 'envoy'],
  ] as const) {
    it(`ends with an error that names ${part} when it dies, and stops the rest`, async () => {
      proxy = await startProxy();
      await proxy.ready;
      const parts = children(proxy);
      const victim = parts.find(({ file }) => file === name);
      if (victim === undefined) throw new Error(`${part} does not run`);
      process.kill(victim.pid, 'SIGKILL');
      expect((await proxy.ended).code).to.equal(1);
      expect(proxy.lines).to.satisfy((lines: string[]) =>
        lines.some((line) => line.startsWith(`error: ${part} was killed by SIGKILL: its log is `)),
      );
      for (const { pid } of parts) expect(() => process.kill(pid, 0)).to.throw('ESRCH');
    });
  }

  it('says why when a part does not come up', async () => {
    proxy = await startProxy({ WS_PROXY_MAX_CONNECTIONS: 'many' });
    expect((await proxy.ended).code).to.equal(1);
    expect(proxy.lines.join('\n')).to.match(/^error: the service exited with code 2: its log is .*service\.log$/m);
    expect(proxy.lines.join('\n')).to.include('WS_PROXY_MAX_CONNECTIONS');
  });

  it('names a port that is in use and the variable that moves it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      proxy = await startProxy({ WS_PROXY_METRICS_PORT: String(port) });
      expect((await proxy.ended).code).to.equal(1);
      expect(proxy.lines).to.deep.equal([
        `error: port ${port} (metrics) is in use: stop what listens there, or set WS_PROXY_METRICS_PORT to another port`,
      ]);
    } finally {
      await once(other.close(), 'close');
    }
  });

  it('refuses a port that is none', async () => {
    proxy = await startProxy({ WS_PROXY_PORT: '70000' });
    expect((await proxy.ended).code).to.equal(1);
    expect(proxy.lines).to.deep.equal(['error: WS_PROXY_PORT must be a port from 0 to 65535, not "70000"']);
  });

  it('refuses a run directory that another start uses', async () => {
    proxy = await startProxy();
    await proxy.ready;
    const second = await startProxy({}, proxy.runDir);
    expect((await second.ended).code).to.equal(1);
    expect(second.lines.join()).to.match(/^error: .* is in use by another start: /);
  });

  it('lets one of two in that start in one run directory at once, however they name it', async () => {
    const base = await mkdtemp(join(tmpdir(), 'ws-proxy-two-'));
    const [dir, alias] = [join(base, 'dir'), join(base, 'alias')];
    await mkdir(dir);
    await symlink(dir, alias);
    const both = await Promise.all([startProxy({}, join(dir, 'run')), startProxy({}, join(alias, 'run'))]);
    try {
      const [loser, winner] = await Promise.race(
        both.map((one) => one.ended.then(() => [one, both.find((other) => other !== one)] as const)),
      );
      if (winner === undefined) throw new Error('both ended');
      proxy = winner;
      expect((await loser.ended).code).to.equal(1);
      expect(loser.lines).to.have.length(1);
      expect(loser.lines[0]).to.match(
        /^error: .*\/run is in use by another start: stop that one, or set WS_PROXY_RUN_DIR/,
      );
      expect(await winner.ready).to.match(/^ready /);
    } finally {
      await Promise.all(both.map((one) => one.clean()));
      await rm(base, { recursive: true });
    }
  });

  it('ends what a start that was killed had left running, says so, and gets ready', async () => {
    const killed = await startProxy();
    await killed.ready;
    const parts = children(killed);
    // The watchers tie the parts to their start and would end them, so they are killed, too.
    const watchers = processesWith('WS_PROXY_RUN_DIR', killed.runDir).filter(({ parent }) =>
      parts.some(({ pid }) => pid === parent),
    );
    expect(watchers).to.have.length(2);
    for (const { pid } of watchers) process.kill(pid, 'SIGKILL');
    killed.process.kill('SIGKILL');
    await killed.ended;

    proxy = await startProxy({}, killed.runDir);
    const ready = await proxy.ready;
    const told = parts.map(({ pid }) => new RegExp(`^ended .* \\(process ${pid}\\), which a start that was killed`));
    for (const line of told)
      expect(
        proxy.lines.some((one) => line.test(one)),
        String(line),
      ).to.equal(true);
    for (const { pid } of parts) expect(() => process.kill(pid, 0)).to.throw('ESRCH');
    expect(await upgradeAs('gateway', proxy, ready)).to.equal(101);
  });

  it('leaves a stranger alone that got the number of a part', async () => {
    const earlier = await startProxy();
    await earlier.ready;
    earlier.process.kill('SIGTERM');
    await earlier.ended;
    const stranger = { name: 'Envoy', pid: process.pid, parent: 1 };
    await writeFile(join(earlier.runDir, 'parts.json'), JSON.stringify([stranger, { pid: 'x' }, null]));
    proxy = await startProxy({}, earlier.runDir);
    await proxy.ready;
    expect(proxy.lines).to.have.length(1);
  });

  it('finds a short place for its sockets when the run directory lies deep', async () => {
    const base = await mkdtemp(join(tmpdir(), 'ws-proxy-deep-'));
    try {
      proxy = await startProxy({}, join(base, 'x'.repeat(100), 'run'));
      const ready = await proxy.ready;
      expect(existsSync(join(proxy.runDir, 'proxy.sock'))).to.equal(false);
      expect(await upgradeAs('manager', proxy, ready)).to.equal(101);
    } finally {
      await proxy.clean();
      await rm(base, { recursive: true });
    }
  });
});

async function upgradeAs(
  role: string,
  { runDir }: StartedProxy,
  ready: string,
  path = '/micronets/v1/ws-proxy/sub/1/2',
): Promise<number> {
  const read = (name: string): Promise<string> => readFile(join(runDir, 'certs', name), 'utf8');
  const [ca, certificate, key] = await Promise.all(['root.cert.pem', `${role}.cert.pem`, `${role}.key.pem`].map(read));
  const credential = { der: Buffer.alloc(0), certificate: certificate ?? '', key: key ?? '' };
  const { status } = await sendRaw({ port: portsOf(ready)[0] ?? 0, ca: ca ?? '', credential, path });
  return status;
}

/** Ports that the ready line names: peers, control, metrics. */
function portsOf(ready: string): number[] {
  return [...ready.matchAll(/:(\d+)/g)].map(([, port]) => Number(port));
}

function children({ process: { pid }, runDir }: StartedProxy): RunProcess[] {
  return processesWith('WS_PROXY_RUN_DIR', runDir).filter(({ parent }) => parent === pid);
}
