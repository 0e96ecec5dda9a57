import type { Histogram } from './histogram.js';
import type { MetricName } from './metric-table.js';

/** One label set of a metric and its value at this moment. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | Histogram;
}

/** The samples of all metrics at one moment. */
export type Snapshot = ReadonlyMap<MetricName, readonly Sample[]>;

/** The samples of a metric without labels. */
export function sampleOf(value: Sample['value']): Sample[] {
  return [{ labels: {}, value }];
}

/** The samples of a metric with one label, by the label's texts. */
export function samplesBy(label: string, values: Iterable<readonly [text: string, value: Sample['value']]>): Sample[] {
  return Array.from(values, ([text, value]) => ({ labels: { [label]: text }, value }));
}
