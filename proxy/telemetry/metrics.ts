import type { InvocationCounts } from './invocation-counts.js';
import { type MetricName, metricTable } from './metric-table.js';
import { renderPrometheus, type Sample, type Snapshot } from './prometheus.js';

/** A part that can say what its metrics are at this moment. */
export interface MetricSource {
  samples(): [MetricName, Sample[]][];
}

/** All metrics of the service, in the order of the table; a metric that no source speaks for is left out. */
export class Metrics {
  readonly #sources: readonly MetricSource[];

  constructor(sources: readonly MetricSource[]) {
    this.#sources = sources;
  }

  /** What all of them say now. */
  snapshot(): Snapshot {
    const told = new Map<MetricName, Sample[]>();
    for (const source of this.#sources) {
      for (const [name, samples] of source.samples()) told.set(name, samples);
    }
    const ordered = new Map<MetricName, Sample[]>();
    for (const name of Object.keys(metricTable) as MetricName[]) {
      const samples = told.get(name);
      if (samples !== undefined) ordered.set(name, samples);
    }
    return ordered;
  }

  /** The text that a Prometheus server scrapes. */
  renderPrometheus(): string {
    return renderPrometheus(this.snapshot());
  }
}

/** The metrics of messages and invocations. */
export function invocationSource(counts: InvocationCounts): MetricSource {
  const by = (label: string, values: Readonly<Record<string, number>>): Sample[] =>
    Object.entries(values).map(([text, value]) => ({ labels: { [label]: text }, value }));
  return {
    samples: () => [
      [
        'http.server.request.duration',
        [...counts.durations].map(({ labels, histogram }) => ({ labels, value: histogram })),
      ],
      [
        'http.server.active_requests',
        Object.entries(counts.active).map(([method, value]) => ({
          labels: { 'http.request.method': method, 'url.scheme': 'https' },
          value,
        })),
      ],
      ['ws_proxy.invocations', by('outcome', counts.outcomes)],
      ['ws_proxy.invocation.proxy.duration', [{ labels: {}, value: counts.proxySeconds }]],
      ['ws_proxy.messages', by('type', counts.messages)],
      ['ws_proxy.message.size', [{ labels: {}, value: counts.sizes }]],
    ],
  };
}
