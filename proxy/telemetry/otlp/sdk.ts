import { hostname } from 'node:os';
import { api, core, metrics as meters, resources, tracing } from '@opentelemetry/sdk-node';
import type { Logger } from 'pino';
import { clean } from '../../wire/safe-text.js';
import type { SpanSink } from '../calls/span-sink.js';
import { Histogram } from '../metrics/histogram.js';
import { type MetricName, rowOf } from '../metrics/metric-table.js';
import type { MetricSource, Metrics } from '../metrics/metrics.js';
import type { Sample, Snapshot } from '../metrics/sample.js';
import { ExportedSpan } from './exported-span.js';
import { isExported, metricExporter, otelNumber, traceExporter } from './otlp-exporters.js';
import { HeadSampler, samplerFromEnv } from './sampling.js';
import { SpanCounts } from './span-counts.js';

/** `service.name` where neither OTEL_SERVICE_NAME nor OTEL_RESOURCE_ATTRIBUTES sets it. */
const DEFAULT_SERVICE_NAME = 'ws-proxy';
/** Sampled spans that wait for the collector, where OTEL_BSP_MAX_QUEUE_SIZE does not say; about 1 KiB each. */
const DEFAULT_QUEUE = 8_192;
const DEFAULT_BATCH = 512;
/** Most exports that the SDK's HTTP exporter has under way: a queue of more batches than that could not be flushed. */
const MAX_CONCURRENT_EXPORTS = 30;
/** Time that the flush at shutdown may take, milliseconds. */
export const SHUTDOWN_TIMEOUT = 2_000;

/** Time for which a repeated message of the SDK is not logged, milliseconds, and the number of messages that are remembered. */
const REPEAT = 60_000;
const MAX_SAID = 100;

export interface SdkParts {
  readonly version: string;
  /** `service.instance.id`: tells replicas apart. */
  readonly instanceId: string;
  readonly log: Logger;
}

/** The parts of OpenTelemetry that run for this service. */
export interface Sdk {
  /** Absent when no exporter of spans is configured. */
  readonly spans: SpanSink | undefined;
  /** The metrics of the export itself. */
  readonly source: MetricSource;
  /** Begins to export these metrics, where an exporter of metrics is configured. */
  exportMetrics(metrics: Metrics): void;
  /**
   * Flushes for at most `SHUTDOWN_TIMEOUT`; never rejects. Spans that are left then are lost. A request that hangs may outlive the
   * flush, so the caller must exit the process afterwards.
   */
  shutdown(): Promise<void>;
}

/**
 * Starts the exporters that OTEL_* configures, if any. It sets no global provider and no context manager, so that the relay pays
 * for neither. Throws TelemetryConfigError.
 */
export async function startSdk({ log, ...parts }: SdkParts): Promise<Sdk | undefined> {
  const isTracing = isExported('TRACES');
  const exporter = isExported('METRICS') ? await metricExporter() : undefined;
  if (!isTracing && exporter === undefined) return undefined;
  quieten(log);
  const resource = resourceOf(parts);
  const scope = { name: DEFAULT_SERVICE_NAME, version: parts.version };
  const counts = new SpanCounts(otelNumber('OTEL_BSP_MAX_QUEUE_SIZE', DEFAULT_QUEUE), (isTaken, error) => {
    if (isTaken) log.info('the collector takes spans again');
    else
      log.warn(
        { reason: error?.message ?? 'unknown' },
        'the collector does not take spans; they are lost until it does',
      );
  });
  const processor = isTracing ? batches(counts.counting(await traceExporter())) : undefined;
  let provider: meters.MeterProvider | undefined;
  return {
    spans: processor === undefined ? undefined : sink(processor, counts, resource, scope),
    source: counts,
    exportMetrics: (metrics) => {
      if (exporter === undefined) return;
      const collect = producer(() => metrics.snapshot(), resource, scope);
      const exportIntervalMillis = otelNumber('OTEL_METRIC_EXPORT_INTERVAL', 60_000);
      const exportTimeoutMillis = Math.min(exportIntervalMillis, otelNumber('OTEL_METRIC_EXPORT_TIMEOUT', 30_000));
      const options = { exporter, metricProducers: [{ collect }], exportIntervalMillis, exportTimeoutMillis };
      provider = new meters.MeterProvider({ resource, readers: [new meters.PeriodicExportingMetricReader(options)] });
    },
    shutdown: () => bounded([processor?.shutdown(), provider?.shutdown()], log),
  };
}

function batches(exporter: tracing.SpanExporter): tracing.SpanProcessor {
  const queue = otelNumber('OTEL_BSP_MAX_QUEUE_SIZE', DEFAULT_QUEUE);
  const batch = otelNumber('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', DEFAULT_BATCH);
  return new tracing.BatchSpanProcessor(exporter, {
    maxQueueSize: queue,
    maxExportBatchSize: Math.min(queue, Math.max(batch, Math.ceil(queue / MAX_CONCURRENT_EXPORTS))),
    scheduledDelayMillis: otelNumber('OTEL_BSP_SCHEDULE_DELAY', 5_000),
    exportTimeoutMillis: otelNumber('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
  });
}

function sink(
  processor: tracing.SpanProcessor,
  counts: SpanCounts,
  resource: resources.Resource,
  scope: core.InstrumentationScope,
): SpanSink {
  const sampler = new HeadSampler(samplerFromEnv());
  return {
    root: () => sampler.root(),
    samples: (parent) => sampler.samples(parent),
    end: (span) => {
      if (counts.admit()) processor.onEnd(new ExportedSpan(span, resource, scope));
    },
  };
}

/** The resource tells nothing of the command line, the owner or the paths of this machine; OTEL_RESOURCE_ATTRIBUTES wins. */
function resourceOf({ version, instanceId }: Omit<SdkParts, 'log'>): resources.Resource {
  const own = resources.resourceFromAttributes({
    'service.name': DEFAULT_SERVICE_NAME,
    'service.version': version,
    'service.instance.id': instanceId,
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  });
  const given = resources.detectResources({ detectors: [resources.envDetector] });
  return resources.defaultResource().merge(own).merge(given);
}

/** Hands our own histograms and integers to the SDK as collected metrics: nothing is recorded twice or once per message. */
function producer(snapshot: () => Snapshot, resource: resources.Resource, scope: core.InstrumentationScope) {
  const startTime = core.millisToHrTime(Date.now() - process.uptime() * 1000);
  return async (): Promise<meters.CollectionResult> => {
    const endTime = core.millisToHrTime(Date.now());
    const data = [...snapshot()].map(([name, samples]) => metricData(name, samples, startTime, endTime));
    return { resourceMetrics: { resource, scopeMetrics: [{ scope, metrics: data }] }, errors: [] };
  };
}

function metricData(
  name: MetricName,
  samples: readonly Sample[],
  startTime: api.HrTime,
  endTime: api.HrTime,
): meters.MetricData {
  const { kind, unit, help } = rowOf(name);
  const isWhole = unit !== 's' && unit !== '1';
  const valueType = isWhole ? api.ValueType.INT : api.ValueType.DOUBLE;
  const descriptor = { name, description: help, unit, valueType };
  const common = { descriptor, aggregationTemporality: meters.AggregationTemporality.CUMULATIVE };
  const point = <T>(labels: Sample['labels'], value: T) => ({
    startTime,
    endTime,
    attributes: attributesOf(labels),
    value,
  });
  if (kind === 'histogram') {
    const dataPoints = samples.flatMap(({ labels, value }) =>
      value instanceof Histogram ? [point(labels, otlp(value))] : [],
    );
    return { ...common, dataPointType: meters.DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = samples.flatMap(({ labels, value }) => (typeof value === 'number' ? [point(labels, value)] : []));
  if (kind === 'gauge') return { ...common, dataPointType: meters.DataPointType.GAUGE, dataPoints };
  return { ...common, dataPointType: meters.DataPointType.SUM, isMonotonic: kind === 'counter', dataPoints };
}

function otlp({ bounds, buckets, count, sum }: Histogram) {
  return { buckets: { boundaries: [...bounds], counts: [...buckets] }, count, sum };
}

/** The semantic conventions want the status as a number. */
function attributesOf(labels: Sample['labels']): api.Attributes {
  const status = labels['http.response.status_code'];
  return status === undefined ? labels : { ...labels, 'http.response.status_code': Number(status) };
}

/** Sends the SDK's own messages to the log, a repeated message only once in a while. Failed exports are left to the counts. */
function quieten(log: Logger): void {
  const said = new Map<string, number>();
  const tell = (...words: unknown[]): void => {
    const text = clean(words.map(String).join(' '));
    const now = Date.now();
    if (now - (said.get(text) ?? 0) < REPEAT) return;
    if (said.size >= MAX_SAID) said.clear();
    said.set(text, now);
    log.warn({ from: 'opentelemetry' }, text);
  };
  const silent = (): void => {};
  const logger = { error: tell, warn: tell, info: silent, debug: silent, verbose: silent };
  api.diag.setLogger(logger, { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true });
  core.setGlobalErrorHandler((error) =>
    log.debug({ from: 'opentelemetry' }, clean(typeof error === 'string' ? error : (error.message ?? 'error'))),
  );
}

/** Waits for all promises, for `SHUTDOWN_TIMEOUT` at most. The SDK's own shutdown rejects after 8 s when nobody answers. */
async function bounded(all: (Promise<void> | undefined)[], log: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), SHUTDOWN_TIMEOUT);
  });
  const results = await Promise.race([Promise.allSettled(all), late]);
  clearTimeout(timer);
  if (results === 'late') log.warn(`telemetry was not flushed within ${SHUTDOWN_TIMEOUT / 1000} s`);
  else if (results.some(({ status }) => status === 'rejected'))
    log.warn('telemetry was not flushed: the collector does not take it');
}
