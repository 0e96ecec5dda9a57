import { expect } from 'chai';
import { SHUTDOWN_TIMEOUT } from '../../proxy/telemetry/otlp/sdk.js';
import { CoreClient } from '../support/core-client.js';
import { pointOf } from '../support/otlp-receiver.js';
import { request, response } from '../support/pair.js';
import { answered, withCollector } from '../support/traced-relay.js';

describe('service: OTLP under load and with a bad collector', () => {
  const { receiver: collector, serve } = withCollector();

  it('gives 10,000 spans for 10,000 calls, and metrics that count the same', async () => {
    const receiver = collector();
    process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] = 'http/protobuf';
    process.env['OTEL_BSP_MAX_QUEUE_SIZE'] = '20000';
    // The interval is also the most that an export may take, and a busy machine needs more than 100 ms.
    process.env['OTEL_METRIC_EXPORT_INTERVAL'] = '1000';
    const { relay, counts, metrics, lines } = await serve();
    const [manager, gateway] = await CoreClient.pair(relay, 'many');
    gateway.ws.on('message', (data) => {
      const { message } = JSON.parse(data.toString()) as { message: { messageId: number } };
      gateway.ws.send(response(message.messageId));
    });
    const calls = 10_000;
    await new Promise<void>((resolve) => {
      let answers = 0;
      manager.ws.on('message', () => {
        answers += 1;
        if (answers + 64 <= calls) manager.ws.send(request(answers + 64));
        if (answers === calls) resolve();
      });
      for (let id = 1; id <= 64; id += 1) manager.ws.send(request(id));
    });
    await receiver.until(() => receiver.spans.length >= calls);
    expect(receiver.spans.length).to.equal(calls);
    expect(new Set(receiver.spans.map(({ spanId }) => spanId)).size).to.equal(calls);
    expect(counts.outcomes.ok).to.equal(calls);
    const latest = (name: string) => receiver.metrics.findLast((metric) => metric.name === name);
    await receiver.until(() => pointOf(latest('http.server.request.duration')) === calls);
    await receiver.until(() => pointOf(latest('ws_proxy.spans'), 'exported') === calls);
    expect(pointOf(latest('ws_proxy.invocations'), 'ok')).to.equal(calls);
    expect(metrics.renderPrometheus()).to.include(`ws_proxy_spans_total{result="exported"} ${calls}\n`);
    expect(latest('ws_proxy.invocations')?.sum?.isMonotonic).to.equal(true);
    expect(latest('http.server.request.duration')?.unit).to.equal('s');
    expect(lines).to.deep.equal([]);
  });

  it('loses spans, counted, to a collector that hangs, and neither a call nor the shutdown waits for it', async () => {
    const receiver = collector();
    process.env['OTEL_BSP_MAX_QUEUE_SIZE'] = '100';
    process.env['OTEL_BSP_MAX_EXPORT_BATCH_SIZE'] = '50';
    receiver.mode = 'hang';
    const { relay, metrics, sdk, counts } = await serve();
    const [manager, gateway] = await CoreClient.pair(relay, 'hang');
    for (let id = 0; id < 300; id += 1) await answered(manager, gateway, id, 200);
    expect(counts.outcomes.ok).to.equal(300);
    const text = metrics.renderPrometheus();
    expect(text).to.include('ws_proxy_spans_queued 100\n');
    expect(text).to.include('ws_proxy_spans_total{result="dropped"} 200\n');
    const began = Date.now();
    await sdk?.shutdown();
    expect(Date.now() - began).to.be.within(SHUTDOWN_TIMEOUT - 100, SHUTDOWN_TIMEOUT + 1_000);
  });

  it('says once that the collector refuses spans, and once that it takes them again', async () => {
    const receiver = collector();
    receiver.mode = 'fail';
    const { relay, metrics, lines } = await serve();
    const [manager, gateway] = await CoreClient.pair(relay, 'fail');
    for (const id of [1, 2, 3]) {
      await answered(manager, gateway, id, 200);
      const before = receiver.requests;
      await receiver.until(() => receiver.requests > before);
    }
    receiver.mode = 'take';
    await answered(manager, gateway, 4, 200);
    await receiver.until(() => receiver.spans.length > 0);
    expect(lines.filter((line) => line.includes('does not take spans'))).to.have.lengthOf(1);
    expect(metrics.renderPrometheus()).to.match(/ws_proxy_spans_total\{result="lost"\} [123]\n/);
  });
});
