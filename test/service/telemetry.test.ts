import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../proxy/session/clock.js';
import { metricTable } from '../../proxy/telemetry/metric-table.js';
import { startTelemetry, type Telemetry, type TelemetryOptions } from '../../proxy/telemetry/telemetry.js';
import { request, response } from '../support/pair.js';
import { next, RelayServer } from '../support/relay-server.js';

const OPTIONS: TelemetryOptions = {
  logLevel: 'silent',
  logFormat: 'json',
  auditLog: undefined,
  invocations: 'on',
  invocationTimeout: 30_000,
  maxInvocationsPerSession: 1_000,
  maxInvocations: 100_000,
  traceRoutes: [],
  traceParent: 'trust',
  traceInject: false,
  traceEvents: false,
  traceClientSpans: false,
  page: true,
};

describe('service: telemetry', () => {
  const undo: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  });

  async function start(given: Partial<TelemetryOptions> = {}): Promise<{ telemetry: Telemetry; relay: RelayServer }> {
    const parts = { clock: systemClock, version: '1', instanceId: 'x', rpcMethods: ['a.B/C'] };
    const telemetry = await startTelemetry({ ...OPTIONS, ...given }, parts);
    undo.push(() => telemetry.stop());
    const relay = new RelayServer(telemetry.observers, telemetry.messages);
    await relay.start();
    undo.push(() => relay.stop());
    return { telemetry, relay };
  }

  it('joins logs, metrics, audit and the page on real sockets', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'telemetry-'));
    undo.push(() => rm(dir, { recursive: true }));
    const auditLog = join(dir, 'audit.log');
    const { telemetry, relay } = await start({ auditLog });
    const { manager, gateway } = await relay.pair('a');
    const arrived = next(gateway);
    manager.send(request(1));
    await arrived;
    const session = relay.registry.sessions.get('a');
    if (session === undefined) throw new Error('there is no session');
    expect(telemetry.calls.inFlight(session)).to.equal(1);
    const answer = next(manager);
    gateway.send(response(1));
    await answer;
    expect(telemetry.calls.of(session)).to.include({ inFlight: 0, completed: 1, errors: 0, answered: 1 });
    expect(telemetry.recent?.invocations.after(0)).to.have.lengthOf(1);
    await telemetry.stop();
    const acts = (await readFile(auditLog, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { act: string }).act);
    expect(acts).to.deep.equal(['admit', 'admit', 'pair']);
  });

  it('publishes every metric of the table, and no other', async () => {
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = 'http://127.0.0.1:1';
    process.env['OTEL_METRICS_EXPORTER'] = 'none';
    undo.push(async () => {
      delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
      delete process.env['OTEL_METRICS_EXPORTER'];
    });
    const { telemetry } = await start({ auditLog: '/dev/null' });
    expect([...telemetry.metrics.snapshot().keys()]).to.deep.equal(Object.keys(metricTable));
  });

  it('looks at no message when invocations are off', async () => {
    const { telemetry, relay } = await start({ invocations: 'off' });
    expect(telemetry.messages).to.equal(undefined);
    const { manager, gateway } = await relay.pair('a');
    const arrived = next(gateway);
    manager.send(request(1));
    expect(await arrived).to.equal(request(1));
    const session = relay.registry.sessions.get('a');
    expect(session && telemetry.calls.inFlight(session)).to.equal(0);
    expect(telemetry.metrics.renderPrometheus()).to.not.include('ws_proxy_invocations');
  });

  it('counts and contains a fault', async () => {
    const { telemetry } = await start();
    telemetry.fault(new Error('broken'));
    expect(telemetry.metrics.renderPrometheus()).to.include('ws_proxy_faults_total 1\n');
  });
});
