import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { get, waitFor } from '../../dev/wait.js';
import { pem } from '../support/der-writer.js';
import { doctor, doctorText, type Examined, expectFaults } from '../support/doctor.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { listText } from '../support/envoy.js';
import { runLimited } from '../support/program.js';
import { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { Stack } from '../support/stack.js';
import { startProxy } from '../support/started-proxy.js';

const DAY = 86_400_000;
const MOST_FILES = 4_000;
const authority = new RawAuthority();

/** What a replica that is alone has nothing of. */
const ONLY_IN_A_FLEET = [
  ...['host.nats', 'host.nats-streams', 'host.nats-permissions'],
  ...['host.hop-certificate', 'host.hop-listener'],
];

describe('doctor on the host', function () {
  this.timeout(60_000);
  let scratch: Scratch;
  let stack: Stack;
  let options: Record<string, string>;
  beforeEach(async () => {
    scratch = new Scratch();
    mkdirSync(scratch.path('log'));
    options = {
      policy: scratch.write('policy.yaml', documentedPolicy()),
      crl: scratch.write('list.pem', listText(authority, [])),
      'crl-ca': scratch.write('ca.pem', authority.certificate),
      'audit-log': scratch.path('log/audit.log'),
      'max-connections': '200',
      'max-sessions': '100',
    };
    const settings = { maxConnections: 267 };
    stack = await Stack.start({ control: true, authority, flags: options, settings }, scratch);
  });
  afterEach(() => stack.stop());

  /** Looks with a file of options that has these beside those of the service. */
  function look(more: Record<string, string> = {}, variables: Record<string, string> = {}): Promise<Examined> {
    const listen = { listen: `unix:${stack.socket}`, 'control-listen': `unix:${scratch.path('control.sock')}` };
    const config = scratch.write('options.yaml', stringify({ ...listen, ...options, ...more }));
    const places = ['--metrics', at(stack.metricsPort), '--envoy-admin', at(stack.edge.ports.admin)];
    return doctor(['--as', 'host', '--config', config, ...places], variables);
  }

  const at = (port: number): string => `http://127.0.0.1:${port}`;

  it('finds nothing where nothing is wrong', async () => {
    const found = await look();
    expectFaults(found, {});
    expect(found.of('not_checked')).to.deep.equal([...ONLY_IN_A_FLEET, 'host.collector']);
    expect(found.findings.get('host.revocation-list')?.what).to.match(
      /60 minutes old\) and counts for 2[34] hours more/,
    );
    expect(found.findings.get('host.envoy-files')?.what).to.match(
      new RegExp(`process ${stack.edge.pid}\\), enough for 267`),
    );
  });

  it('a list that is stale, one that another signed, none, and a policy with a fault', async () => {
    const times = { thisUpdate: new Date(Date.now() - 3 * DAY), nextUpdate: new Date(Date.now() - DAY) };
    const stale = scratch.write('stale.pem', pem('X509 CRL', authority.revoke({ serials: [], ...times })));
    expectFaults(await look({ crl: stale }), { 'host.revocation-list': /3 days old\) and stale since/ });
    const foreign = scratch.write('foreign.pem', listText(new RawAuthority(), []));
    expectFaults(await look({ crl: foreign }), { 'host.revocation-list': /signature is not the authority/ });
    expectFaults(await look({ crl: '/nowhere.pem' }), { 'host.revocation-list': /nowhere\.pem/ });
    expectFaults(await look({ policy: scratch.write('bad.yaml', 'version: 2\n') }), {
      'host.policy-file': /bad\.yaml/,
    });
  });

  it('a list that the running service refuses', async () => {
    scratch.replace('list.pem', 'no list');
    const metrics = (): Promise<string | undefined> => get(`${at(stack.metricsPort)}/metrics`);
    await waitFor('the service did not refuse it', 20_000, new AbortController().signal, async () => {
      return /^ws_proxy_crl_valid 0$/m.test((await metrics()) ?? '') || undefined;
    });
    const whole = scratch.write('whole.pem', listText(authority, []));
    expectFaults(await look({ crl: whole }), { 'host.revocation-list': /the service refused it/ });
  });

  it('options that cannot be read: what depends on them is not checked', async () => {
    const found = await look({ 'max-conections': '5' });
    expectFaults(found, { 'host.configuration': /options\.yaml:\d+.*no such option/ });
    expect(found.of('not_checked')).to.include.members(['host.policy-file', 'host.revocation-list', 'host.sockets']);
  });

  it('a service that is away, and an Envoy that is', async () => {
    await stack.service.stop('SIGTERM');
    const gone = await look();
    expectFaults(gone, { 'host.service': /ECONNREFUSED/, 'host.sockets': /there is no socket at/ });
    await stack.edge.stop();
    const both = await doctor(['--as', 'host', '--config', scratch.path('options.yaml'), '--envoy-admin', at(1)]);
    expect(both.of('fault')).to.include.members(['host.service', 'host.envoy']);
    stack.edge.stop = async () => {};
  });

  it('a socket that others may open', async () => {
    chmodSync(stack.socket, 0o666);
    expectFaults(await look(), { 'host.sockets': /mode 666/ });
  });

  it('too few open files for Envoy', async function () {
    const pid = String(stack.edge.pid);
    if (spawnSync('prlimit', ['--pid', pid, '--nofile=1045:1045']).status !== 0)
      return void explainSkip(this, 'there is no prlimit, or it may not lower the limit of that process');
    expectFaults(await look(), { 'host.envoy-files': /1045 open files allowed/ });
  });

  it('too few open files for the service', async () => {
    const flags = [
      '--listen',
      `unix:${scratch.path('small.sock')}`,
      '--policy',
      'any-verified',
      '--log-format',
      'json',
    ];
    const service = runLimited(MOST_FILES, 'serve', ...flags, '--metrics-port', '0', '--max-connections', '15000');
    try {
      const ready = await service.line('stdout', /"metrics_port"/);
      const [, port = ''] = /"metrics_port":(\d+)/.exec(ready) ?? [];
      const config = scratch.write('small.yaml', stringify({ ...options, 'max-connections': '15000' }));
      const found = await doctor(['--as', 'host', '--config', config, '--metrics', at(Number(port))]);
      const finding = found.findings.get('host.service-files');
      expect(finding).to.include({ status: 'warning' });
      expect(finding?.what).to.match(/^4000 open files allowed/);
      expect(finding?.why).to.match(/of 15000 connections asked for, 3744 are served/);
    } finally {
      await service.stop('SIGKILL');
    }
  });

  it("an Envoy whose limit is not above the service's", async () => {
    const tight = await Stack.start({
      authority,
      flags: { 'max-connections': '300' },
      settings: { maxConnections: 300 },
    });
    try {
      const config = scratch.write('tight.yaml', stringify(options));
      const own = ['--metrics', at(tight.metricsPort), '--envoy-admin', at(tight.edge.ports.admin)];
      const found = await doctor(['--as', 'host', '--config', config, ...own]);
      expect(found.findings.get('host.connections')).to.include({ status: 'fault' });
    } finally {
      await tight.stop();
    }
  });

  it('a collector that is there, one that is not, and one that is no collector', async () => {
    // As collectors do, which take POST alone.
    const collector = createServer((_, response) => response.writeHead(405).end());
    collector.listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const OTEL_EXPORTER_OTLP_ENDPOINT = at((collector.address() as AddressInfo).port);
    const found = await look({}, { OTEL_EXPORTER_OTLP_ENDPOINT });
    expect(found.findings.get('host.collector')).to.include({ status: 'ok' });
    collector.closeAllConnections();
    collector.close();
    await once(collector, 'close');
    expectFaults(await look({}, { OTEL_EXPORTER_OTLP_ENDPOINT }), { 'host.collector': /ECONNREFUSED/ });
    const grpc = { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    expectFaults(await look({}, grpc), { 'host.collector': /ECONNREFUSED/ });
    const other = { OTEL_EXPORTER_OTLP_ENDPOINT: at(stack.metricsPort) };
    expectFaults(await look({}, other), { 'host.collector': /answers 404/ });
    expectFaults(await look({}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' }), { 'host.collector': /no URL/ });
  });

  it('a disk that is full', async function () {
    const disk = scratch.path('disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0)
      return void explainSkip(this, 'this user may mount no small disk');
    try {
      expectFaults(await look({ 'audit-log': `${disk}/audit.log` }), { 'host.disk': /disk: 0 MiB of 0 MiB free/ });
    } finally {
      execFileSync('umount', [disk]);
    }
    expectFaults(await look({ 'audit-log': '/nowhere/audit.log' }), { 'host.disk': /no folder \/nowhere/ });
  });
});

describe('doctor on what npm start runs', function () {
  this.timeout(90_000);

  it('finds its ports and files by itself, from all three places, and nothing wrong', async () => {
    const proxy = await startProxy();
    try {
      await proxy.ready;
      const variables = { WS_PROXY_RUN_DIR: proxy.runDir };
      const found = await doctor([], variables);
      expectFaults(found, {});
      const known = ['peer.access', 'host.collector', ...ONLY_IN_A_FLEET];
      const unlooked = found.of('not_checked').filter((id) => !known.includes(id));
      expect(unlooked).to.deep.equal([]);
      const { code, out } = await doctorText([], variables);
      expect(code).to.equal(0);
      expect(out).to.match(/^peer wss:.*\noperator https:.*\nhost, options of the run in /s);
    } finally {
      await proxy.clean();
    }
  });
});

function explainSkip(test: Mocha.Context, why: string): void {
  console.log(`      skipped: ${why}`);
  test.skip();
}
