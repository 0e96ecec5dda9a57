import { SettingsError } from './settings.js';

/**
 * The address that the edge sends its spans to, by the standard `OTEL_*` variables. Envoy sends OTLP over plain HTTP only: where the variables
 * say otherwise, the edge has no spans of its own. Throws a SettingsError for an endpoint that is no URL.
 */
export function tracesUrlFrom(env: NodeJS.ProcessEnv): URL | undefined {
  if (env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return undefined;
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL'];
  if (protocol === 'grpc') return undefined;
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || (base && `${base.replace(/\/+$/, '')}/v1/traces`);
  if (!endpoint) return undefined;
  if (!URL.canParse(endpoint)) throw new SettingsError(`the OTLP endpoint ${JSON.stringify(endpoint)} is not a URL`);
  const url = new URL(endpoint);
  return url.protocol === 'http:' ? url : undefined;
}
