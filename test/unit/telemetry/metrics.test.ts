import { expect } from 'chai';
import { ALONE_AFTER } from '../../../proxy/session/views/load.js';
import { Present } from '../../../proxy/session/views/present.js';
import { FAILING_AFTER } from '../../../proxy/telemetry/calls/failing-sessions.js';
import { InvocationCounts, MAX_DURATION_SERIES } from '../../../proxy/telemetry/calls/invocation-counts.js';
import { Invocation, SessionCalls } from '../../../proxy/telemetry/calls/invocation-table.js';
import { Gauges } from '../../../proxy/telemetry/metrics/gauges.js';
import { Histogram } from '../../../proxy/telemetry/metrics/histogram.js';
import { LifecycleCounts } from '../../../proxy/telemetry/metrics/lifecycle-counts.js';
import { type MetricName, metricTable, rowOf } from '../../../proxy/telemetry/metrics/metric-table.js';
import { Metrics } from '../../../proxy/telemetry/metrics/metrics.js';
import { ProcessMetrics } from '../../../proxy/telemetry/metrics/process-metrics.js';
import { prometheusName, renderPrometheus } from '../../../proxy/telemetry/metrics/prometheus.js';
import { RpcDurations } from '../../../proxy/telemetry/metrics/rpc-durations.js';
import { refusal } from '../../../proxy/wire/close.js';
import { FakeClock } from '../../support/fake-clock.js';
import { hello } from '../../support/fixtures.js';
import { Meeting, request, response } from '../../support/pair.js';
import { watch } from '../../support/watch.js';

function scene() {
  const clock = new FakeClock();
  const watched = watch(clock);
  const present = new Present();
  const lives = new LifecycleCounts(clock, present);
  const gauges = new Gauges();
  const rpcs = new RpcDurations(['a.B/C']);
  const meeting = new Meeting({ readers: [lives], messages: watched.invocations, clock, present });
  const metrics = new Metrics([watched.counts, lives, gauges, rpcs, new ProcessMetrics(clock)]);
  return { ...watched, clock, lives, gauges, rpcs, meeting, metrics };
}

/** The value of the only line that starts with the text. */
function seriesOf(text: string, series: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1);
}

describe('telemetry: metrics', () => {
  it('counts what it was told, under the names that Prometheus expects', () => {
    const it = scene();
    const pair = it.meeting.pair();
    pair.manager.receive(request(1));
    it.clock.advance(30);
    pair.gateway.receive(response(1));
    it.turn();
    const waiting = it.meeting.admit({ meetupId: 'sub/w' });
    waiting.socket.receive(
      JSON.stringify({
        message: { messageId: 1, messageType: 'CONN:HELLO', requiresResponse: false, peerClass: 'c', peerId: 'p' },
      }),
    );
    it.meeting.admit();
    it.lives.refused({ refusal: refusal('policy_denied'), detail: '', target: '', remote: '', requestId: '' });
    const text = it.metrics.renderPrometheus();
    const series = 'http_server_request_duration_seconds';
    const labels =
      'http_request_method="GET",http_response_status_code="200",network_protocol_name="websocket",url_scheme="https"';
    expect(seriesOf(text, `${series}_bucket{${labels},le="0.025"}`)).to.equal('0');
    expect(seriesOf(text, `${series}_bucket{${labels},le="0.05"}`)).to.equal('1');
    expect(seriesOf(text, `${series}_bucket{${labels},le="+Inf"}`)).to.equal('1');
    expect(seriesOf(text, `${series}_count{${labels}}`)).to.equal('1');
    expect(seriesOf(text, `${series}_sum{${labels}}`)).to.equal('0.03');
    expect(seriesOf(text, 'ws_proxy_invocations_total{outcome="ok"}')).to.equal('1');
    expect(seriesOf(text, 'ws_proxy_connections{state="greeting"}')).to.equal('1');
    expect(seriesOf(text, 'ws_proxy_connections{state="waiting"}')).to.equal('1');
    expect(seriesOf(text, 'ws_proxy_connections{state="paired"}')).to.equal('2');
    expect(seriesOf(text, 'ws_proxy_sessions{state="paired"}')).to.equal('1');
    expect(seriesOf(text, 'ws_proxy_refusals_total{reason="policy_denied"}')).to.equal('1');
    expect(seriesOf(text, 'ws_proxy_messages_total{type="request"}')).to.equal('1');
    expect(seriesOf(text, 'ws_proxy_admissions_total')).to.equal('4');
  });

  it('counts failed invocations by their class, and sessions whose calls all fail', () => {
    const it = scene();
    const [bad, good] = ['sub/1', 'sub/2'].map((meetupId) => it.meeting.pair({ meetupId }));
    let id = 0;
    const answer = (pair: typeof bad, status: number): void => {
      id += 1;
      pair?.manager.receive(request(id));
      pair?.gateway.receive(response(id, status));
      it.turn();
    };
    const failing = (kind = 'answered_5xx'): string | undefined =>
      seriesOf(it.metrics.renderPrometheus(), `ws_proxy_sessions_failing{failure="${kind}"}`);
    for (let n = 1; n < FAILING_AFTER; n += 1) answer(bad, 502);
    answer(good, 502);
    expect(failing()).to.equal('0');
    answer(bad, 502);
    for (let n = 0; n < 2 * FAILING_AFTER; n += 1) answer(good, 404);
    expect([failing(), failing('not_answered')]).to.deep.equal(['1', '0']);
    bad?.manager.receive(request(1_000));
    it.turn();
    it.clock.advance(31_000);
    it.invocations.sweep();
    expect([failing(), failing('not_answered')]).to.deep.equal(['0', '1']);
    const ended = (rest: string): string | undefined =>
      seriesOf(it.metrics.renderPrometheus(), `ws_proxy_invocations_total{outcome=${rest}}`);
    expect(ended('"http_error",failure="answered_5xx"')).to.equal(String(FAILING_AFTER + 1));
    expect(ended('"http_error",failure="answered_4xx"')).to.equal(String(2 * FAILING_AFTER));
    expect(ended('"timeout",failure="not_answered"')).to.equal('1');
    expect(ended('"kicked",failure="not_answered"')).to.equal('0');
    answer(bad, 200);
    expect(failing('not_answered')).to.equal('0');
    for (let n = 0; n < FAILING_AFTER; n += 1) answer(bad, 500);
    expect(failing()).to.equal('1');
    bad?.manager.gone();
    expect([failing(), failing('not_answered')]).to.deep.equal(['0', '0']);
  });

  it('counts who waits alone for over a minute, by role', () => {
    const it = scene();
    const alone = (role: string): string | undefined =>
      seriesOf(it.metrics.renderPrometheus(), `ws_proxy_sessions_alone{role="${role}"}`);
    for (const role of ['manager', 'gateway'] as const) {
      it.meeting.admit({ meetupId: `sub/${role}`, role }).socket.receive(hello('one'));
    }
    it.meeting.pair();
    expect([alone('manager'), alone('gateway')]).to.deep.equal(['0', '0']);
    it.clock.advance(ALONE_AFTER + 1);
    expect([alone('manager'), alone('gateway'), alone('any')]).to.deep.equal(['1', '1', '0']);
  });

  it('keeps the sum of what ended connections moved', () => {
    const it = scene();
    const pair = it.meeting.pair();
    pair.manager.receive('x'.repeat(1000));
    const before = seriesOf(it.metrics.renderPrometheus(), 'ws_proxy_relay_io_bytes_total{direction="received"}');
    pair.manager.gone();
    const text = it.metrics.renderPrometheus();
    expect(seriesOf(text, 'ws_proxy_relay_io_bytes_total{direction="received"}')).to.equal(before);
    expect(Number(before)).to.be.above(1000);
    expect(seriesOf(text, 'ws_proxy_connections{state="paired"}')).to.equal('0');
    expect(seriesOf(text, 'ws_proxy_connection_duration_seconds_count{ending="closed_by_peer"}')).to.equal('1');
    expect(seriesOf(text, 'ws_proxy_session_duration_seconds_count{ending="closed_by_peer"}')).to.equal('1');
  });

  it('shows the backlog and who is held', () => {
    const it = scene();
    const pair = it.meeting.pair();
    pair.gateway.backlog = 1_500_000;
    pair.manager.receive('x');
    const text = it.metrics.renderPrometheus();
    expect(seriesOf(text, 'ws_proxy_backlog_bytes')).to.equal('1500000');
    expect(seriesOf(text, 'ws_proxy_backlog_largest_bytes')).to.equal('1500000');
    expect(seriesOf(text, 'ws_proxy_connections_held{reason="backlog"}')).to.equal('1');
    expect(seriesOf(text, 'ws_proxy_connections_held{reason="rate"}')).to.equal('0');
    pair.peers[1].hold('rate');
    const later = it.metrics.renderPrometheus();
    expect(seriesOf(later, 'ws_proxy_connections_held{reason="rate"}')).to.equal('1');
  });

  it('shows what other parts report', () => {
    const it = scene();
    it.gauges.policyLoaded(1_700_000_000, true);
    it.gauges.policyLoaded(1_800_000_000, false);
    it.gauges.crlLoaded(3, 1_890_000_000, 1_900_000_000);
    it.gauges.crlFailed();
    it.gauges.certificateExpires('service', 2_000_000_000);
    it.gauges.certificateExpires('client', 1);
    it.gauges.certificateExpires('client', undefined);
    it.gauges.limits(10, 5);
    it.gauges.draining(true);
    it.gauges.watchers(2);
    it.gauges.fault();
    it.rpcs.ended('a.B/C', 'NOT_FOUND', 0.2);
    it.rpcs.ended('made/up', 'made up', 0.2);
    const text = it.metrics.renderPrometheus();
    expect(seriesOf(text, 'ws_proxy_policy_valid')).to.equal('0');
    expect(seriesOf(text, 'ws_proxy_policy_loaded_time_seconds')).to.equal('1700000000');
    expect(seriesOf(text, 'ws_proxy_policy_reloads_total{result="failed"}')).to.equal('1');
    expect(seriesOf(text, 'ws_proxy_crl_revoked')).to.equal('3');
    expect(seriesOf(text, 'ws_proxy_crl_this_update_time_seconds')).to.equal('1890000000');
    expect(seriesOf(text, 'ws_proxy_crl_next_update_time_seconds')).to.equal('1900000000');
    expect(seriesOf(text, 'ws_proxy_certificate_expiry_time_seconds{certificate="service"}')).to.equal('2000000000');
    expect(text).to.not.include('certificate="client"');
    expect(seriesOf(text, 'ws_proxy_connections_limit')).to.equal('10');
    expect(seriesOf(text, 'ws_proxy_draining')).to.equal('1');
    const rpc = 'rpc_server_call_duration_seconds_count';
    expect(
      seriesOf(text, `${rpc}{rpc_method="a.B/C",rpc_response_status_code="NOT_FOUND",rpc_system_name="grpc"}`),
    ).to.equal('1');
    expect(
      seriesOf(text, `${rpc}{rpc_method="_OTHER",rpc_response_status_code="UNKNOWN",rpc_system_name="grpc"}`),
    ).to.equal('1');
  });

  it('carries no label and no value that the table does not list', () => {
    const it = scene();
    const pair = it.meeting.pair();
    for (const method of ['GET', 'x'.repeat(50)]) {
      pair.manager.receive(request(1, { method }));
      pair.gateway.receive(response(1, 500));
      it.turn();
    }
    pair.gateway.gone();
    it.rpcs.ended('a.B/C', 'OK', 1);
    for (const [name, samples] of it.metrics.snapshot()) {
      for (const { labels } of samples)
        for (const [label, value] of Object.entries(labels)) checkLabel(name, label, value);
    }
  });

  it('bounds the label sets of the request’s duration', () => {
    const templates = Array.from({ length: 5 }, (_, i) => `/${i}`);
    const counts = new InvocationCounts(templates);
    const { session, peers } = new Meeting().pair();
    const calls = new SessionCalls(session, ...peers);
    for (const route of templates) {
      for (let status = 100; status <= 599; status += 1) {
        const one = new Invocation({
          calls,
          requester: peers[0],
          id: 1,
          method: 'GET',
          route,
          requestBytes: 1,
          detail: undefined,
          started: 0,
        });
        one.status = status;
        counts.started('GET');
        counts.finished(one, 'ok', 1);
      }
    }
    const series = [...counts.durations];
    expect(series.length).to.equal(MAX_DURATION_SERIES + 1);
    expect(series.at(-1)?.labels).to.deep.equal({ 'otel.metric.overflow': 'true' });
    expect(series.reduce((sum, { histogram }) => sum + histogram.count, 0)).to.equal(2500);
  });

  it('puts a value on a bound into the bucket below it', () => {
    const histogram = new Histogram([1, 2]);
    for (const value of [0, 1, 1.5, 2, 3]) histogram.observe(value);
    expect(histogram.buckets).to.deep.equal([2, 2, 1]);
    expect(histogram).to.include({ count: 5, sum: 7.5 });
  });

  it('names and escapes as the text format wants', () => {
    expect(prometheusName('a.b', { kind: 'counter', unit: 'By' })).to.equal('a_b_bytes_total');
    expect(prometheusName('a.b', { kind: 'histogram', unit: 's' })).to.equal('a_b_seconds');
    expect(prometheusName('a.b', { kind: 'updown', unit: '{thing}' })).to.equal('a_b');
    const text = renderPrometheus(new Map([['ws_proxy.faults', [{ labels: { a: 'q"\\\n' }, value: 1 }]]] as const));
    expect(text).to.include('# TYPE ws_proxy_faults_total counter\nws_proxy_faults_total{a="q\\"\\\\\\n"} 1\n');
  });

  it('has a name of its own for every row', () => {
    const names = (Object.keys(metricTable) as MetricName[]).map((name) => prometheusName(name, rowOf(name)));
    expect(new Set(names).size).to.equal(names.length);
  });

  it('shows the process itself', () => {
    const processMetrics = new ProcessMetrics(new FakeClock());
    processMetrics.start();
    const found = new Map(processMetrics.samples());
    processMetrics.stop();
    for (const [name, samples] of found) {
      expect(rowOf(name)).to.be.an('object');
      for (const { value } of samples) expect(value, name).to.be.at.least(0);
    }
    expect(found.get('process.memory.usage')?.[0]?.value).to.be.above(1_000_000);
  });
});

function checkLabel(name: MetricName, label: string, value: string): void {
  const allowed = rowOf(name).labels?.[label];
  expect(allowed, `${name}{${label}}`).to.not.equal(undefined);
  if (typeof allowed !== 'string') expect(allowed).to.include(value);
}
