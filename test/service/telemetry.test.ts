import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startTelemetry, type Telemetry } from '../../proxy/compose/telemetry.js';
import { loadConfig } from '../../proxy/config/load.js';
import { systemClock } from '../../proxy/ports/system-clock.js';
import { Present } from '../../proxy/session/views/present.js';
import type { FinishedInvocation } from '../../proxy/telemetry/calls/invocation-spans.js';
import { metricTable } from '../../proxy/telemetry/metrics/metric-table.js';
import { CoreClient } from '../support/core-client.js';
import { CoreServer } from '../support/core-server.js';
import { request, response } from '../support/pair.js';

describe('service: telemetry', () => {
  const undo: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  });

  async function start(flags: Record<string, string> = {}): Promise<{
    telemetry: Telemetry;
    read: readonly string[];
    relay: CoreServer;
  }> {
    const config = loadConfig({ flags: { logLevel: 'silent', ...flags }, environment: {} });
    const read: string[] = [];
    const reader = { wanted: true, finished: ({ outcome }: FinishedInvocation) => void read.push(outcome) };
    const present = new Present();
    const names = { replica: 'replica', version: '1', rpcMethods: ['a.B/C'] };
    const telemetry = await startTelemetry({ config, clock: systemClock, present, ...names });
    telemetry.readInvocations({ readers: [reader], tallies: [] });
    undo.push(() => telemetry.stop());
    const { readers, messages, statistics } = telemetry;
    const relay = await CoreServer.start({}, { readers, messages, statistics, present });
    undo.push(() => relay.stop());
    return { telemetry, read, relay };
  }

  it('joins metrics, statistics, audit and further readers on real sockets', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'telemetry-'));
    undo.push(() => rm(dir, { recursive: true }));
    const auditLog = join(dir, 'audit.log');
    const { telemetry, read, relay } = await start({ auditLog });
    const [manager, gateway] = await CoreClient.pair(relay, 'a');
    manager.ws.send(request(1));
    await gateway.next();
    const session = relay.present.sessions.get('a');
    if (session === undefined) throw new Error('there is no session');
    expect(telemetry.statistics.of(session).inFlight).to.equal(1);
    gateway.ws.send(response(1));
    await manager.next();
    expect(telemetry.statistics.of(session)).to.include({ inFlight: 0, completed: 1, errors: 0, answered: 1 });
    expect(read).to.deep.equal(['ok']);
    await telemetry.stop();
    const acts = (await readFile(auditLog, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { act: string }).act);
    expect(acts).to.deep.equal(['admit', 'admit', 'pair']);
  });

  it('publishes every metric of the table but those of a fleet, and no other', async () => {
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = 'http://127.0.0.1:1';
    process.env['OTEL_METRICS_EXPORTER'] = 'none';
    undo.push(async () => {
      delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
      delete process.env['OTEL_METRICS_EXPORTER'];
    });
    const { telemetry } = await start({ auditLog: '/dev/null' });
    const alone = Object.keys(metricTable).filter((name) => !name.startsWith('ws_proxy.cluster.'));
    expect([...telemetry.metrics.snapshot().keys()]).to.deep.equal(alone);
  });

  it('looks at no message when invocations are off', async () => {
    const { telemetry, relay } = await start({ invocations: 'false' });
    expect(telemetry.messages).to.equal(undefined);
    const [manager, gateway] = await CoreClient.pair(relay, 'a');
    manager.ws.send(request(1));
    expect(await gateway.text()).to.equal(request(1));
    const session = relay.present.sessions.get('a');
    expect(session && telemetry.statistics.of(session).inFlight).to.equal(0);
    expect(telemetry.metrics.renderPrometheus()).to.include('ws_proxy_messages_total{type="request"} 0\n');
  });

  it('counts and contains a fault', async () => {
    const { telemetry } = await start();
    telemetry.fault(new Error('broken'));
    expect(telemetry.metrics.renderPrometheus()).to.include('ws_proxy_faults_total 1\n');
  });
});
