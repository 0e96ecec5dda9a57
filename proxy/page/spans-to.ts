import { isExported, otelEnv } from '../telemetry/otlp/otlp-exporters.js';

/** Returns the host that spans are exported to, for people; undefined when there is none. The URL is never shown: it may hold a password. */
export function spansTo(): string | undefined {
  if (!isExported('TRACES')) return undefined;
  const endpoint = otelEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? otelEnv('OTEL_EXPORTER_OTLP_ENDPOINT') ?? '';
  return URL.canParse(endpoint) ? new URL(endpoint).host || 'a collector' : 'a collector';
}
