import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { renderEdge } from '../../envoy/render.js';
import type { FleetSettings } from '../../envoy/settings.js';
import { subject } from '../support/certificate-names.js';
import { edgeSettings } from '../support/edge-settings.js';
import { envoyBinary, startEdge, useEdge } from '../support/envoy.js';
import { sendRaw } from '../support/raw-request.js';

const execute = promisify(execFile);
const path = '/micronets/v1/ws-proxy/a';
/** Nobody is there. */
const fleet: FleetSettings = {
  replicas: ['r1', 'r2'].map((name, at) => ({
    name,
    peers: { t: 'unix', path: `/nowhere/${name}.sock` },
    health: { host: '127.0.0.1', port: 9 },
    control: { t: 'tcp', host: '::1', port: 9 + at },
  })),
};
const tls = {
  certificate: '/nowhere/cert.pem',
  key: '/nowhere/key.pem',
  ca: '/nowhere/ca.pem',
  name: 'replica.internal',
};
const tracesUrl = new URL('http://127.0.0.1:9/v1/traces');

describe('edge: configuration', () => {
  let dir = '';

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ws-proxy-config-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  for (const [what, settings] of [
    ['alone', {}],
    ['with tracing', { tracesUrl }],
    ['on both families', { address: '::' }],
    ['before several replicas', { fleet }],
    ['before several replicas, some by TLS', { fleet: { ...fleet, tls }, tracesUrl }],
  ] as const) {
    it(`is what Envoy accepts, bootstrap ${what}`, async () => {
      const bootstrap = await renderEdge(edgeSettings(dir, settings));
      const args = ['--mode', 'validate', '--disable-hot-restart', '-c', bootstrap];
      const { stdout, stderr } = await execute(envoyBinary(), args);
      expect(stdout + stderr).to.match(/configuration '.*' OK/);
    });
  }

  for (const [what, settings] of [
    ['alone', {}],
    ['with tracing', { tracesUrl }],
    ['without the control API as JSON', { controlJson: false }],
    ['before several replicas', { fleet }],
    ['before several replicas, with tracing', { fleet, tracesUrl }],
    ['before replicas that are yet to come', { fleet: {}, controlJson: false }],
  ] as const) {
    it(`is taken whole, with every listener, route, cluster and secret, and without a warning: ${what}`, async () => {
      const edge = await startEdge({ serviceSocket: join(dir, 'none.sock'), settings });
      try {
        expect(await edge.stat('.*update_rejected')).to.equal(0);
        expect(await edge.stat('listener_manager.total_listeners_active')).to.equal(2);
        const lines = (await edge.logs()).split('\n');
        expect(lines.filter((line) => /\]\[(warning|error|critical)\]/.test(line))).to.deep.equal([]);
      } finally {
        await edge.stop();
      }
    });
  }

  it('leaves nothing behind when it stops', async () => {
    const before = await readdir(tmpdir());
    const edge = await startEdge({ serviceSocket: join(dir, 'none.sock') });
    await edge.stop();
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('ws-proxy-edge-') && !before.includes(name))).to
      .be.empty;
    expect(() => process.kill(edge.pid, 0)).to.throw('ESRCH');
  });
});

describe('edge: without its service', () => {
  const edge = useEdge(async () => ({ serviceSocket: join(tmpdir(), 'ws-proxy-no-such.sock') }));

  it('tells the peer so, with the time to come back', async () => {
    const { ports, authority } = edge();
    const credential = authority.issue({ subject: subject(['O', 'Acme']) });
    const answer = await sendRaw({ port: ports.peers, ca: authority.certificate, credential, path });
    expect(answer.status).to.equal(503);
    expect(answer.headers.get('retry-after')).to.equal('5');
    expect(JSON.parse(answer.body).error).to.include({ reason: 'unavailable', retry: 'later', retryAfter: 5 });
  });

  it('tells a caller of the control API so, in JSON', async () => {
    const { ports, authority } = edge();
    const credential = authority.issue({ subject: subject(['O', 'Acme']) });
    const request = { port: ports.control, ca: authority.certificate, credential, upgrade: false };
    const answer = await sendRaw({ ...request, path: '/v1/sessions' });
    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([503, '5']);
    expect(JSON.parse(answer.body)).to.include({ code: 14 });
    expect(JSON.parse(answer.body).details[0].reason).to.equal('SERVICE_UNREACHABLE');
  });

  it('lets nobody change anything by its admin port', async () => {
    const base = `http://127.0.0.1:${edge().ports.admin}`;
    for (const place of [
      'quitquitquit',
      'drain_listeners',
      'logging',
      'healthcheck/fail',
      'reset_counters',
      'config_dump',
    ]) {
      expect((await fetch(`${base}/${place}`, { method: 'POST' })).status, place).to.equal(403);
    }
    expect((await fetch(`${base}/stats/prometheus`)).status).to.equal(200);
  });
});
