import { type MetricName, metricTable, rowOf } from '../../proxy/telemetry/metrics/metric-table.js';
import { prometheusName } from '../../proxy/telemetry/metrics/prometheus.js';
import { namesIn } from './promql.js';
import { type Rule, rules } from './rule-files.js';
import { textOf } from './sources.js';

/** Values of Envoy's label for a certificate: the names of its secrets. */
const ENVOY_SECRETS = [...textOf('envoy/lds.yaml').matchAll(/\bname: (server-certificate|client-ca)$/gm)].map(
  ([, name = '']) => name,
);

/**
 * Every value that a label can have in what some rules make, by the tables of the metrics that they ask for, recordings included; undefined
 * where none of them has that label, or where it takes any value.
 */
export function labelValues(label: string, of: readonly Rule[]): ReadonlySet<string> | undefined {
  const own = of.flatMap(({ labels }) => labels?.[label] ?? []);
  const values = new Set([
    ...own,
    ...of.flatMap(({ expr }) => metricsIn(expr)).flatMap((name) => valuesOf(name, label)),
  ]);
  return values.size === 0 ? undefined : values;
}

function valuesOf(metric: string, label: string): readonly string[] {
  const recorded = rules().filter(({ record }) => record === metric);
  if (recorded.length > 0) return [...(labelValues(label, recorded) ?? [])];
  if (label === 'envoy_tls_certificate' && metric.startsWith('envoy_listener_ssl_certificate_')) return ENVOY_SECRETS;
  for (const name of Object.keys(metricTable) as MetricName[]) {
    const row = rowOf(name);
    const base = prometheusName(name, row);
    if (metric !== base && !metric.startsWith(`${base}_`)) continue;
    const [, listed] = Object.entries(row.labels ?? {}).find(([one]) => one.replaceAll('.', '_') === label) ?? [];
    if (Array.isArray(listed)) return listed;
  }
  return [];
}

function metricsIn(expression: string): string[] {
  return namesIn(expression).selectors.map(({ metric }) => metric);
}
