import { expect } from 'chai';
import { OUTCOMES, type Outcome, outcomes } from '../../proxy/wire/invocation.js';
import type { WssClient } from '../support/client.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { request, response } from '../support/pair.js';
import { readScrape, sumOf } from '../support/scrape.js';
import { useStack } from '../support/stack.js';

/** Most open invocations of one session in this service. */
const MAX_OPEN = 3;

/** The messages of a pair that lead to an outcome; their ids are free to choose. */
type Way = (manager: WssClient, gateway: WssClient, meetup: string) => Promise<void>;

describe('every outcome, on purpose, through the whole product', () => {
  const receiver = new OtlpReceiver();
  const stack = useStack(async (scratch) => ({
    control: true,
    flags: {
      policy: scratch.write('policy.yaml', documentedPolicy()),
      'invocation-timeout': '1500ms',
      'max-invocations-per-session': String(MAX_OPEN),
      'drain-deadline': '100ms',
      'log-level': 'debug',
    },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.start(), OTEL_BSP_SCHEDULE_DELAY: '50' },
  }));
  after(() => receiver.stop());
  let meetups = 0;

  async function answered(manager: WssClient, gateway: WssClient, status: number): Promise<void> {
    manager.send(request(1));
    await gateway.next();
    gateway.send(response(1, status));
    await manager.next();
  }

  async function kick(meetup: string): Promise<void> {
    const admin = stack().issue('admin');
    const { body } = await stack().control(admin, 'GET', '/v1/sessions');
    const { sessions } = JSON.parse(body) as { sessions: { name: string; meetupId: string }[] };
    const name = sessions.find(({ meetupId }) => meetupId === meetup)?.name;
    expect((await stack().control(admin, 'POST', `/v1/${name}:kick`, { reason: 'x' })).status).to.equal(200);
  }

  const ways: Readonly<Record<Outcome, Way>> = {
    ok: (manager, gateway) => answered(manager, gateway, 204),
    http_error: (manager, gateway) => answered(manager, gateway, 503),
    one_way: async (manager, gateway) => {
      manager.send(request(1, { requiresResponse: false }));
      await gateway.next();
    },
    timeout: async (manager) => manager.send(request(1)),
    peer_disconnected: async (manager, gateway) => {
      manager.send(request(1));
      await gateway.next();
      await gateway.terminate();
    },
    kicked: async (manager, gateway, meetup) => {
      manager.send(request(1));
      await gateway.next();
      await kick(meetup);
    },
    orphan_response: async (manager, gateway) => {
      gateway.send(response(7));
      await manager.next();
    },
    duplicate_id: async (manager, gateway) => {
      manager.send(request(1));
      await gateway.next();
      await answered(manager, gateway, 200);
    },
    table_full: async (manager, gateway) => {
      for (let id = 1; id <= MAX_OPEN + 1; id += 1) {
        manager.send(request(id));
        await gateway.next();
      }
      for (let id = 1; id <= MAX_OPEN; id += 1) {
        gateway.send(response(id));
        await manager.next();
      }
    },
    drained: async (manager, gateway) => {
      manager.send(request(1));
      await gateway.next();
      // After the deadline the rest is closed and its span flushed before the process ends.
      expect(await stack().service.stop('SIGTERM')).to.equal(0);
    },
  };

  /** Makes the outcome happen at a meetup of its own; resolves with its span. */
  async function spanOf(outcome: Outcome): Promise<ReceivedSpan> {
    meetups += 1;
    const meetup = `sub/${meetups}/gw-2`;
    const [gateway, manager] = await stack().pair(meetup, stack().gateway('gw-2'), stack().issue('manager'));
    await ways[outcome](manager, gateway, meetup);
    const find = () =>
      receiver.spans.find(
        ({ attributes }) => attributes['ws_proxy.meetup.id'] === meetup && attributes['ws_proxy.outcome'] === outcome,
      );
    await receiver.until(() => find() !== undefined);
    return find() as ReceivedSpan;
  }

  for (const outcome of OUTCOMES.filter((one) => one !== 'drained')) {
    it(outcome, async () => {
      const span = await spanOf(outcome);
      const type = outcome === 'http_error' ? '503' : outcome;
      const isError = outcomes[outcome].error || outcome === 'http_error';
      expect(span.attributes['error.type']).to.equal(isError ? type : undefined);
      expect(span.status?.code ?? 0).to.equal(isError ? 2 : 0);
      // The log has the same word, and the ids of the span.
      const line = stack().log.find((one) => one.includes(span.spanId));
      expect(JSON.parse(line ?? '{}')).to.include({ message: 'invocation', outcome, trace_id: span.traceId });
    });
  }

  it('metrics have counted as many of each as there are spans', async () => {
    const scrape = await readScrape(`http://127.0.0.1:${stack().metricsPort}/metrics`);
    for (const outcome of OUTCOMES) {
      const spans = receiver.spans.filter(({ attributes }) => attributes['ws_proxy.outcome'] === outcome);
      expect(sumOf(scrape, 'ws_proxy_invocations_total', { outcome }), outcome).to.equal(spans.length);
    }
  });

  it('drained: the span is flushed before the process ends', async () => {
    const { attributes } = await spanOf('drained');
    expect(attributes).to.include({ 'error.type': 'drained', 'ws_proxy.ending': 'draining' });
  });
});
