import { type MetricName, metricTable } from './metric-table.js';
import { renderPrometheus } from './prometheus.js';
import type { Sample, Snapshot } from './sample.js';

/** A part of the service that can sample its metrics at this moment. */
export interface MetricSource {
  samples(): [MetricName, Sample[]][];
}

/** All metrics of the service, in the order of the table; a metric that no source speaks for is left out. */
export class Metrics {
  readonly #sources: MetricSource[];

  constructor(sources: readonly MetricSource[]) {
    this.#sources = [...sources];
  }

  /** Adds a part that is made later than the telemetry. */
  join(source: MetricSource): void {
    this.#sources.push(source);
  }

  /** Samples all metrics now. */
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
