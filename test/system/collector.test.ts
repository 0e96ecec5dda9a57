import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { manyCalls } from '../support/many-calls.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { readScrape, type Scrape, sumOf } from '../support/scrape.js';
import { type Stack, useStack } from '../support/stack.js';

const CALLS = 10_000;
/** Most spans that may wait in this service; the default is four times as many. */
const QUEUE = 2_048;
/** Milliseconds for the service to count what it has exported. */
const COUNTED_MS = 10_000;
/** Bytes by which resident memory may vary between two equal loads while nobody takes spans. */
const BREATH_BYTES = 48 * 1024 * 1024;

async function scrape(stack: Stack): Promise<Scrape> {
  return readScrape(`http://127.0.0.1:${stack.metricsPort}/metrics`);
}

async function calls(stack: Stack, meetup: string): Promise<void> {
  const [manager, gateway] = await stack.pair(meetup);
  await manyCalls(manager.ws, gateway.ws, CALLS);
}

describe('a collector that takes spans', () => {
  const receiver = new OtlpReceiver();
  const stack = useStack(async () => ({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.start(),
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BSP_MAX_QUEUE_SIZE: String(2 * CALLS),
      OTEL_METRIC_EXPORT_INTERVAL: '200',
    },
  }));
  after(() => receiver.stop());

  it('gets 10,000 spans of 10,000 calls, and metrics say so by scrape', async () => {
    await calls(stack(), 'sub/1');
    await receiver.until(() => receiver.spans.length >= CALLS);
    expect(receiver.spans.length).to.equal(CALLS);
    expect(new Set(receiver.spans.map(({ spanId }) => spanId)).size).to.equal(CALLS);
    // The service learns that the last batch arrived a moment after the receiver does.
    const scraped = await waitFor('the spans were not counted', COUNTED_MS, new AbortController().signal, async () => {
      const seen = await scrape(stack());
      return sumOf(seen, 'ws_proxy_spans_total', { result: 'exported' }) === CALLS ? seen : undefined;
    });
    expect(sumOf(scraped, 'ws_proxy_invocations_total')).to.equal(CALLS);
    expect(sumOf(scraped, 'http_server_request_duration_seconds_count')).to.equal(CALLS);
    expect(sumOf(scraped, 'ws_proxy_faults_total')).to.equal(0);
  });
});

describe('a collector that hangs', () => {
  const receiver = new OtlpReceiver();
  receiver.mode = 'hang';
  const stack = useStack(async () => ({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.start(),
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BSP_MAX_QUEUE_SIZE: String(QUEUE),
    },
  }));
  after(() => receiver.stop());

  it('costs spans, each of them counted, and no memory beyond the queue', async () => {
    await calls(stack(), 'sub/1');
    const before = stack().residentBytes();
    await calls(stack(), 'sub/2');
    expect(stack().residentBytes() - before).to.be.below(BREATH_BYTES);
    const scraped = await scrape(stack());
    expect(sumOf(scraped, 'ws_proxy_invocations_total', { outcome: 'ok' })).to.equal(2 * CALLS);
    const queued = sumOf(scraped, 'ws_proxy_spans_queued');
    expect(queued).to.be.within(1, QUEUE);
    expect(sumOf(scraped, 'ws_proxy_spans_total', { result: 'exported' })).to.equal(0);
    // The spans were dropped for want of room or, where a batch ran out of time meanwhile, lost.
    expect(sumOf(scraped, 'ws_proxy_spans_total')).to.equal(2 * CALLS - queued);
  });
});
