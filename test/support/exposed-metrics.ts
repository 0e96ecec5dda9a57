import { readFileSync } from 'node:fs';
import { type MetricName, metricTable, rowOf } from '../../proxy/telemetry/metrics/metric-table.js';
import { prometheusName } from '../../proxy/telemetry/metrics/prometheus.js';
import { namesIn } from './promql.js';

/** Names that Prometheus can be asked for, each with its labels. */
export type ExposedMetrics = ReadonlyMap<string, ReadonlySet<string>>;

/** Labels that a scrape gives to every series. */
export const SCRAPED = ['job', 'instance'];

/** Metrics of Envoy that rules and dashboards may ask for; a system test holds the list against a running Envoy. */
export const envoyMetrics = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/envoy-1.40-metrics.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly string[]>>;

/** Metrics that the collector makes of spans, by the dimensions of observability/collector.yaml. */
const SPAN_LABELS = ['service_name', 'span_name', 'span_kind', 'status_code', 'http_request_method', 'http_route'];
const spanMetrics = {
  traces_span_metrics_calls_total: SPAN_LABELS,
  traces_span_metrics_duration_seconds_bucket: [...SPAN_LABELS, 'le'],
};
/** Metrics of Prometheus itself. */
const own = { up: [], ALERTS: ['alertname', 'alertstate', 'severity'] };

const AGGREGATES = /\b(?:sum|min|max|avg|count)\b/;

/** The metrics of the service, of Envoy, of the collector and of Prometheus. */
export function exposedMetrics(): Map<string, ReadonlySet<string>> {
  const all = new Map<string, ReadonlySet<string>>();
  for (const [name, labels] of Object.entries({ ...envoyMetrics, ...spanMetrics, ...own }))
    all.set(name, withJob(labels));
  for (const name of Object.keys(metricTable) as MetricName[]) {
    const row = rowOf(name);
    const labels = Object.keys(row.labels ?? {}).map((label) => label.replaceAll('.', '_'));
    const base = prometheusName(name, row);
    if (row.kind !== 'histogram') all.set(base, withJob(labels));
    else {
      all.set(`${base}_bucket`, withJob([...labels, 'le']));
      for (const part of ['sum', 'count']) all.set(`${base}_${part}`, withJob(labels));
    }
  }
  return all;
}

/** Labels that the result of an expression can have; an aggregation has only the labels that it groups by. */
export function resultLabels(expression: string, exposed: ExposedMetrics): Set<string> {
  const { selectors, groupings } = namesIn(expression);
  if (AGGREGATES.test(expression)) return new Set(groupings);
  return new Set(selectors.flatMap(({ metric }) => [...(exposed.get(metric) ?? [])]));
}

/** Lists the faults of the names in an expression. `shown` are the labels that its result is read by. */
export function unknownNames(expression: string, exposed: ExposedMetrics, shown: readonly string[] = []): string[] {
  const { selectors, groupings } = namesIn(expression);
  const reachable = new Set(selectors.flatMap(({ metric }) => [...(exposed.get(metric) ?? [])]));
  const result = resultLabels(expression, exposed);
  return [
    ...selectors.flatMap(({ metric, labels }) => {
      const known = exposed.get(metric);
      if (known === undefined) return [`there is no metric ${metric}`];
      return labels.filter((label) => !known.has(label)).map((label) => `${metric} has no label ${label}`);
    }),
    ...groupings
      .filter((label) => !reachable.has(label))
      .map((label) => `no metric in ${expression.trim()} has the label ${label}`),
    ...shown
      .filter((label) => !result.has(label))
      .map((label) => `the result of ${expression.trim()} has no label ${label}`),
  ];
}

function withJob(labels: readonly string[]): Set<string> {
  return new Set([...SCRAPED, ...labels]);
}
