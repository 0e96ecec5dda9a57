import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { type MetricName, metricTable, rowOf } from '../../proxy/telemetry/metrics/metric-table.js';
import { prometheusName } from '../../proxy/telemetry/metrics/prometheus.js';
import { envoyMetrics } from '../support/exposed-metrics.js';
import { request, response } from '../support/pair.js';
import { isInstalled, Prometheus } from '../support/prometheus.js';
import { useStack } from '../support/stack.js';

/** Metrics that get their first series at an event that this test does not make. */
const SILENT: readonly MetricName[] = ['rpc.server.call.duration', 'ws_proxy.audit.records', 'ws_proxy.audit.queue'];
/** Without an exporter no spans are counted. */
const UNTRACED: readonly MetricName[] = ['ws_proxy.spans', 'ws_proxy.spans.queued'];
/** A replica that is alone has no fleet, and one that lets in all who are verified has no policy file. */
const isOfOthers = (name: MetricName): boolean =>
  name.startsWith('ws_proxy.cluster.') || name === 'ws_proxy.policy.digest';
const ANSWERED = 15;
const FAILED = 5;

describe('a real Prometheus', function () {
  this.timeout(120_000);
  let prometheus: Prometheus;

  const stack = useStack(() => ({}));
  before(async function () {
    if (!isInstalled('prometheus')) this.skip();
    const { scratch, metricsPort, edge } = stack();
    prometheus = await Prometheus.start(scratch, {
      'ws-proxy': `127.0.0.1:${metricsPort}`,
      'ws-proxy-edge': `127.0.0.1:${edge.ports.admin}`,
    });
  });
  after(() => prometheus?.stop());

  it('scrapes the service and Envoy', async () => {
    await prometheus.until('up{job="ws-proxy"}', 1);
    await prometheus.until('up{job="ws-proxy-edge"}', 1);
  });

  it('counts what was sent', async () => {
    const [manager, gateway] = await stack().pair('sub/1');
    for (let id = 0; id < ANSWERED + FAILED; id += 1) {
      manager.send(request(id));
      await gateway.next();
      gateway.send(response(id, id < ANSWERED ? 200 : 503));
      await manager.next();
    }
    gateway.send(response(999));
    await manager.next();
    const calls = ANSWERED + FAILED;
    for (const [expression, value] of [
      ['sum(ws_proxy_invocations_total{outcome="ok"})', ANSWERED],
      ['sum(ws_proxy_invocations_total{outcome="http_error"})', FAILED],
      ['sum(ws_proxy_invocations_total{outcome="orphan_response"})', 1],
      ['sum(http_server_request_duration_seconds_count)', calls],
      ['sum(http_server_request_duration_seconds_count{http_response_status_code="503", error_type="503"})', FAILED],
      ['sum(http_server_request_duration_seconds_bucket{le="+Inf", http_request_method="GET"})', calls],
      ['sum(ws_proxy_messages_total{type="response"})', calls + 1],
      // The messages are the two HELLOs, each in and out.
      ['sum(ws_proxy_relay_messages_total{direction="received"})', 2 * calls + 3],
      ['sum(ws_proxy_relay_messages_total{direction="sent"})', 2 * calls + 3],
      ['sum(ws_proxy_connections{state="paired"})', 2],
      ['sum(ws_proxy_sessions{state="paired"})', 1],
      ['sum(ws_proxy_admissions_total)', 2],
      ['sum(envoy_http_downstream_cx_upgrades_active{envoy_http_conn_manager_prefix="peers"})', 2],
    ] as const) {
      await prometheus.until(expression, value);
    }
  });

  it('counts a refusal by its reason', async () => {
    await stack().pair('sub/1');
    expect((await stack().refused(stack().issue('x'), '/micronets/v1/ws-proxy/sub/1')).reason).to.equal('meetup_full');
    await prometheus.until('sum(ws_proxy_refusals_total{reason="meetup_full"})', 1);
  });

  it('knows every metric of the table and every one of Envoy that is asked for', async () => {
    // These series are only of connected clients, and are asked for once a second.
    await stack().pair('sub/1');
    await prometheus.until('count(ws_proxy_certificate_expiry_time_seconds{certificate="client"})', 1);
    const known = new Set(await prometheus.names());
    const silent = new Set<string>([...SILENT, ...UNTRACED]);
    const expected = (Object.keys(metricTable) as MetricName[])
      .filter((name) => !silent.has(name) && !isOfOthers(name))
      .map((name) => prometheusName(name, rowOf(name)) + (rowOf(name).kind === 'histogram' ? '_count' : ''));
    expect(expected.filter((name) => !known.has(name))).to.deep.equal([]);
    const untraced = Object.keys(envoyMetrics).filter((name) => !name.startsWith('envoy_tracing_'));
    expect(untraced.filter((name) => !known.has(name))).to.deep.equal([]);
  });

  it('evaluates every rule, and nothing fires', async () => {
    await prometheus.until('ws_proxy:slo_failures:ratio_rate5m{slo="connect"}', 0);
    for (const { name, health, lastError } of await prometheus.rules())
      expect([name, health, lastError]).to.deep.equal([name, 'ok', undefined]);
    expect(await prometheus.value('count(ALERTS{alertstate="firing"}) or vector(0)')).to.equal(0);
  });

  it('has no complaint about names and help texts', async function () {
    if (!isInstalled('promtool')) this.skip();
    const page = await (await fetch(`http://127.0.0.1:${stack().metricsPort}/metrics`)).text();
    const { stderr } = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
    expect(stderr).to.equal('');
  });
});
