import { expect } from 'chai';
import { createLogger } from '../../proxy/telemetry/logs/logger.js';
import { TelemetryConfigError } from '../../proxy/telemetry/otlp/otlp-exporters.js';
import { startSdk } from '../../proxy/telemetry/otlp/sdk.js';
import { OUTCOMES } from '../../proxy/wire/invocation.js';
import { CoreClient } from '../support/core-client.js';
import { request, response } from '../support/pair.js';
import { answered, withCollector } from '../support/traced-relay.js';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The attributes of an answered call, in their order. */
const SERVER_ATTRIBUTES = [
  'http.request.method',
  'url.path',
  'http.response.status_code',
  'ws_proxy.outcome',
  'ws_proxy.message.id',
  'ws_proxy.request.size',
  'ws_proxy.response.size',
  'ws_proxy.proxy.duration',
  'ws_proxy.peer.duration',
  'url.scheme',
  'network.protocol.name',
  'client.address',
  'ws_proxy.session.id',
  'ws_proxy.meetup.id',
  'ws_proxy.requester.role',
  'ws_proxy.requester.subject',
  'ws_proxy.responder.role',
  'ws_proxy.responder.subject',
];

describe('service: OTLP', () => {
  const { receiver: collector, serve } = withCollector();

  it('sends nothing anywhere unless an exporter is configured', async () => {
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    expect((await serve()).sdk).to.equal(undefined);
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = 'http://127.0.0.1:1';
    process.env['OTEL_SDK_DISABLED'] = 'true';
    expect((await serve()).sdk).to.equal(undefined);
  });

  it('names the variable that is wrong', async () => {
    const log = createLogger('silent', { write: () => {} });
    const start = async (name: string, value: string): Promise<unknown> => {
      const before = process.env[name];
      process.env[name] = value;
      const thrown = await startSdk({ version: '1', instanceId: 'x', log }).catch((error: unknown) => error);
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
      expect(thrown).to.be.instanceOf(TelemetryConfigError);
      return (thrown as Error).message;
    };
    expect(await start('OTEL_TRACES_SAMPLER', 'some')).to.match(
      /^OTEL_TRACES_SAMPLER=some: it must be one of always_on/,
    );
    expect(await start('OTEL_TRACES_EXPORTER', 'zipkin')).to.equal(
      'OTEL_TRACES_EXPORTER=zipkin: it must be otlp or none',
    );
    expect(await start('OTEL_EXPORTER_OTLP_PROTOCOL', 'tcp')).to.include('http/protobuf, http/json, grpc');
    expect(await start('OTEL_BSP_MAX_QUEUE_SIZE', '-1')).to.equal(
      'OTEL_BSP_MAX_QUEUE_SIZE=-1: it must be a number above 0',
    );
  });

  for (const protocol of ['http/json', 'http/protobuf']) {
    it(`exports a SERVER span under the caller’s trace over ${protocol}, and says nothing of the command line`, async () => {
      process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] = protocol;
      const receiver = collector();
      const { relay } = await serve();
      const [manager, gateway] = await CoreClient.pair(relay, 'a');
      gateway.ws.once('message', () => gateway.ws.send(response(1, 204)));
      const headers = [
        { name: 'traceparent', value: PARENT },
        { name: 'tracestate', value: 'v=1' },
      ];
      const sent = request(1, { headers });
      manager.ws.send(sent);
      await manager.next();
      await receiver.until(() => receiver.spans.length > 0);
      const [span] = receiver.spans;
      expect(span).to.include({
        name: 'GET',
        kind: 2,
        traceId: PARENT.slice(3, 35),
        parentSpanId: PARENT.slice(36, 52),
        traceState: 'v=1',
      });
      // The flags say that the span is sampled, and that its parent is remote.
      expect(span?.flags).to.equal(0x301);
      expect(Object.keys(span?.attributes ?? {})).to.deep.equal(SERVER_ATTRIBUTES);
      expect(span?.attributes).to.include({
        'url.path': '/v1/x',
        'http.response.status_code': 204,
        'ws_proxy.outcome': 'ok',
        'ws_proxy.message.id': '1',
        'ws_proxy.request.size': sent.length,
        'ws_proxy.session.id': relay.present.sessions.get('a')?.uid,
        'ws_proxy.requester.role': 'manager',
        'ws_proxy.responder.role': 'gateway',
      });
      expect(span?.attributes['ws_proxy.peer.duration']).to.be.within(0, 10);
      expect(BigInt(span?.endTimeUnixNano ?? 0) > BigInt(span?.startTimeUnixNano ?? 0)).to.equal(true);
      expect(Math.abs(Number(BigInt(span?.startTimeUnixNano ?? 0) / 1_000_000n) - Date.now())).to.be.below(10_000);
      expect(span?.resource).to.include({
        'service.name': 'ws-proxy',
        'service.version': '1.2.3',
        'service.instance.id': 'replica-1',
      });
      expect(Object.keys(span?.resource ?? {})).to.not.include.members([
        'process.command_args',
        'process.owner',
        'process.executable.path',
      ]);
    });
  }

  it('lets OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win', async () => {
    const receiver = collector();
    process.env['OTEL_SERVICE_NAME'] = 'mine';
    process.env['OTEL_RESOURCE_ATTRIBUTES'] = 'deployment.environment.name=test';
    const { relay } = await serve();
    const [manager] = await CoreClient.pair(relay, 'a');
    manager.ws.send(request(1, { requiresResponse: false }));
    await receiver.until(() => receiver.spans.length > 0);
    expect(receiver.spans[0]?.resource).to.include({ 'service.name': 'mine', 'deployment.environment.name': 'test' });
  });

  it('does not let a peer force or suppress sampling where the sampler is not parent-based', async () => {
    const receiver = collector();
    process.env['OTEL_TRACES_SAMPLER'] = 'traceidratio';
    process.env['OTEL_TRACES_SAMPLER_ARG'] = '0';
    const { relay, counts, sdk } = await serve();
    const [manager, gateway] = await CoreClient.pair(relay, 'a');
    await answered(manager, gateway, 1, 200, { headers: [{ name: 'traceparent', value: PARENT }] });
    expect(counts.outcomes.ok).to.equal(1);
    await sdk?.shutdown();
    expect(receiver.spans).to.deep.equal([]);
  });

  it('shows each outcome at the collector, and counts the same', async () => {
    const receiver = collector();
    const service = await serve({ timeout: 400, maxPerSession: 3 });
    const { relay, counts } = service;
    const [manager, gateway] = await CoreClient.pair(relay, 'ok');
    await answered(manager, gateway, 1, 200);
    await answered(manager, gateway, 2, 500);
    manager.ws.send(request(3, { requiresResponse: false }));
    gateway.ws.send(response(99));
    manager.ws.send(request(4));
    manager.ws.send(request(4));
    for (const id of [5, 6, 7]) manager.ws.send(request(id));
    for (const [name, label] of [
      ['kick', 'kicked'],
      ['drain', 'draining'],
      ['go', 'closed_by_peer'],
    ] as const) {
      const [asking, asked] = await CoreClient.pair(relay, name);
      asking.ws.send(request(1));
      await asked.next();
      const session = relay.present.sessions.get(name);
      if (label === 'closed_by_peer') asked.ws.close(1000);
      else if (session !== undefined) relay.steering.end({ t: 'session', uid: session.uid }, { label });
    }
    const seen = (): Set<unknown> => new Set(receiver.spans.map(({ attributes }) => attributes['ws_proxy.outcome']));
    await receiver.until(() => seen().size === OUTCOMES.length);
    expect([...seen()].sort()).to.deep.equal([...OUTCOMES].sort());
    for (const outcome of OUTCOMES) {
      const spans = receiver.spans.filter(({ attributes }) => attributes['ws_proxy.outcome'] === outcome);
      expect(spans.length, outcome).to.equal(counts.outcomes[outcome]);
    }
    const errors = new Map(
      receiver.spans.map(({ attributes }) => [attributes['ws_proxy.outcome'], attributes['error.type']]),
    );
    expect(Object.fromEntries(errors)).to.deep.equal({
      ok: undefined,
      one_way: undefined,
      http_error: '500',
      timeout: 'timeout',
      peer_disconnected: 'peer_disconnected',
      kicked: 'kicked',
      drained: 'drained',
      orphan_response: 'orphan_response',
      duplicate_id: 'duplicate_id',
      table_full: 'table_full',
    });
  });
});
