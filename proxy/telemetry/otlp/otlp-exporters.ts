/** An OTEL_* variable is not valid; the message tells the operator in one line what is wrong with it. */
export class TelemetryConfigError extends Error {
  override readonly name = 'TelemetryConfigError';
  readonly exitCode = 2;
}

/** The three transports of OTLP; only the packages of the configured transport are loaded. */
const transports = {
  'http/protobuf': {
    traces: () => import('./protobuf-span-exporter.js'),
    metrics: () => import('@opentelemetry/exporter-metrics-otlp-proto'),
  },
  'http/json': {
    traces: () => import('@opentelemetry/exporter-trace-otlp-http'),
    metrics: () => import('@opentelemetry/exporter-metrics-otlp-http'),
  },
  grpc: {
    traces: () => import('@opentelemetry/exporter-trace-otlp-grpc'),
    metrics: () => import('@opentelemetry/exporter-metrics-otlp-grpc'),
  },
} as const;

type Signal = 'TRACES' | 'METRICS';

/**
 * Tells whether a signal is to be exported: `OTEL_<SIGNAL>_EXPORTER` is `otlp`, or it is not set and an endpoint is. Unlike the
 * SDK's own default, this sends nothing to localhost unasked. Throws TelemetryConfigError.
 */
export function isExported(signal: Signal): boolean {
  if (otelEnv('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return false;
  const name = `OTEL_${signal}_EXPORTER`;
  const asked = otelEnv(name);
  if (asked === 'none') return false;
  // The service itself serves metrics to Prometheus, whatever this variable says.
  if (asked === 'prometheus' && signal === 'METRICS') return false;
  if (asked === 'otlp') return true;
  if (asked !== undefined) throw new TelemetryConfigError(`${name}=${asked}: it must be otlp or none`);
  const endpoints = ['OTEL_EXPORTER_OTLP_ENDPOINT', `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`];
  return endpoints.some((one) => otelEnv(one) !== undefined);
}

/** The exporter of spans. It reads endpoint, headers, timeout, compression and certificates from OTEL_* by itself. */
export async function traceExporter() {
  const { OTLPTraceExporter } = await transports[transportOf('TRACES')].traces();
  return new OTLPTraceExporter();
}

/** The exporter of metrics, which reads OTEL_* in the same way. */
export async function metricExporter() {
  const { OTLPMetricExporter } = await transports[transportOf('METRICS')].metrics();
  return new OTLPMetricExporter();
}

/** A variable's value. An empty variable counts as not set, as OpenTelemetry's specification of the environment says. */
export function otelEnv(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === '' ? undefined : value;
}

/** Reads a number above zero. Throws TelemetryConfigError. */
export function otelNumber(name: string, fallback: number): number {
  const text = otelEnv(name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new TelemetryConfigError(`${name}=${text}: it must be a number above 0`);
}

function transportOf(signal: Signal): keyof typeof transports {
  const own = `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`;
  const name = otelEnv(own) === undefined ? 'OTEL_EXPORTER_OTLP_PROTOCOL' : own;
  const asked = otelEnv(name) ?? 'http/protobuf';
  if (Object.hasOwn(transports, asked)) return asked as keyof typeof transports;
  throw new TelemetryConfigError(`${name}=${asked}: it must be ${Object.keys(transports).join(', ')}`);
}
