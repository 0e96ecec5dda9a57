import { expect } from 'chai';
import { envoyMetrics } from '../support/exposed-metrics.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { RawAuthority } from '../support/raw-authority.js';
import { labelsOf, readScrape, sumOf } from '../support/scrape.js';
import { useStack } from '../support/stack.js';

describe('the metrics of the real Envoy', () => {
  const receiver = new OtlpReceiver();
  const stack = useStack(async () => ({
    settings: { tracesUrl: new URL(`${await receiver.start()}/v1/traces`) },
  }));
  after(() => receiver.stop());

  const scrape = async () => readScrape(`http://127.0.0.1:${stack().edge.ports.admin}/stats/prometheus`);

  it('are there by the names and labels that rules and dashboards use', async () => {
    await stack().open(stack().issue('one'), 'sub/1');
    const text = await scrape();
    for (const [metric, labels] of Object.entries(envoyMetrics)) {
      expect([...labelsOf(text, metric)], metric).to.include.members([...labels]);
    }
  });

  it('count an upgrade once it is accepted, not when it closes: service levels look at it', async () => {
    const peers = { envoy_http_conn_manager_prefix: 'peers', envoy_response_code_class: '1' };
    const before = sumOf(await scrape(), 'envoy_http_downstream_rq_xx', peers);
    await stack().open(stack().issue('two'), 'sub/2');
    expect(sumOf(await scrape(), 'envoy_http_downstream_rq_xx', peers)).to.equal(before + 1);
  });

  it('count a certificate of another CA apart from other errors of TLS: alerts add them', async () => {
    const stranger = new RawAuthority([['2.5.4.3', 'elsewhere']]).issue({ subject: [['2.5.4.3', 'x']] });
    const line = await stack().line(stranger);
    await line.ended;
    const scraped = await scrape();
    expect(sumOf(scraped, 'envoy_listener_ssl_fail_verify_error')).to.equal(1);
    expect(sumOf(scraped, 'envoy_listener_ssl_connection_error')).to.equal(0);
  });
});
