import { Histogram } from './histogram.js';
import { type MetricRow, rowOf } from './metric-table.js';
import type { Sample, Snapshot } from './sample.js';

/** `Content-Type` of the text format. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The text format of Prometheus (exposition format 0.0.4). Names follow OpenTelemetry's rules for it: dots to underscores, the
 * unit as a suffix, `_total` on counters.
 */
export function renderPrometheus(snapshot: Snapshot): string {
  const lines: string[] = [];
  for (const [name, samples] of snapshot) {
    const row = rowOf(name);
    const metric = prometheusName(name, row);
    lines.push(
      `# HELP ${metric} ${row.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${metric} ${typeOf(row)}`,
    );
    for (const sample of samples) pushSample(lines, metric, sample);
  }
  return `${lines.join('\n')}\n`;
}

/** The name under which Prometheus knows a metric; the name of a histogram comes without `_bucket`, `_sum` and `_count`. */
export function prometheusName(name: string, { kind, unit }: Pick<MetricRow, 'kind' | 'unit'>): string {
  const base = name.replaceAll(/[^a-zA-Z0-9_]/g, '_');
  const suffix = suffixOf(unit, kind);
  return `${base}${suffix}${kind === 'counter' ? '_total' : ''}`;
}

function suffixOf(unit: string, kind: MetricRow['kind']): string {
  if (unit === 's') return '_seconds';
  if (unit === 'By') return '_bytes';
  return unit === '1' && kind === 'gauge' ? '_ratio' : '';
}

function typeOf({ kind }: MetricRow): string {
  return kind === 'updown' ? 'gauge' : kind;
}

function pushSample(lines: string[], metric: string, { labels, value }: Sample): void {
  const pairs = Object.entries(labels).map(([key, text]) => `${key.replaceAll('.', '_')}="${escaped(text)}"`);
  if (value instanceof Histogram) pushHistogram(lines, metric, pairs, value);
  else lines.push(`${metric}${braced(pairs)} ${number(value)}`);
}

function pushHistogram(lines: string[], metric: string, pairs: readonly string[], histogram: Histogram): void {
  let sum = 0;
  for (const [i, count] of histogram.buckets.entries()) {
    sum += count;
    lines.push(
      `${metric}_bucket${braced([...pairs, `le="${number(histogram.bounds[i] ?? Number.POSITIVE_INFINITY)}"`])} ${sum}`,
    );
  }
  lines.push(
    `${metric}_sum${braced(pairs)} ${number(histogram.sum)}`,
    `${metric}_count${braced(pairs)} ${histogram.count}`,
  );
}

function braced(pairs: readonly string[]): string {
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function number(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '+Inf' : String(value);
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
