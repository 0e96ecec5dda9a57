import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import type { Host } from '../look/host.js';
import { type Page, readPage } from '../look/page-read.js';
import { type Failed, openWay } from '../look/way.js';

/** Does the collector answer that the standard OTEL_* variables name, and do the spans of the service get there? */
export async function checkCollector(host: Host): Promise<Judgement> {
  const { environment, timeout } = host.plan;
  const endpoint = endpointIn(environment);
  const metrics = await host.metrics();
  if (endpoint === undefined) return judgeSpans(metrics);
  if (!URL.canParse(endpoint)) {
    const todo = 'write it as http://HOST:4318';
    return fault(`the collector's address ${JSON.stringify(endpoint)} is no URL`, 'the service does not start', todo);
  }
  const url = new URL(endpoint);
  // gRPC answers no plain request, and of TLS the exporter has a CA of its own.
  const isOpaque = protocolIn(environment) === 'grpc' || url.protocol === 'https:';
  return judgeCollector(url, isOpaque ? await reach(url, timeout) : await readPage(url, timeout), metrics);
}

type Environment = Readonly<Record<string, string | undefined>>;

function endpointIn(environment: Environment): string | undefined {
  if (environment['OTEL_SDK_DISABLED'] === 'true' || environment['OTEL_TRACES_EXPORTER'] === 'none') return undefined;
  const own = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  if (own) return own;
  const base = environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!base) return undefined;
  return protocolIn(environment) === 'grpc' ? base : `${base.replace(/\/+$/, '')}/v1/traces`;
}

function protocolIn(environment: Environment): string | undefined {
  return environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || environment['OTEL_EXPORTER_OTLP_PROTOCOL'];
}

async function reach({ hostname, port, protocol }: URL, timeout: number): Promise<{ t: 'open' } | Failed> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const fallback = protocol === 'https:' ? 443 : 80;
  const opened = await openWay({ host, port: Number(port) || fallback, via: undefined, timeout });
  if (opened.t === 'failed') return opened;
  opened.socket.destroy();
  return { t: 'open' };
}

const ADVICE = 'start the collector, or mend OTEL_EXPORTER_OTLP_ENDPOINT; docs: observability/README.md';

export function judgeCollector(
  url: URL,
  look: Page | { readonly t: 'open' } | Failed,
  metrics: ReadonlyMap<string, number> | Failed,
): Judgement {
  if (look.t === 'failed') {
    return fault(`the collector ${url.origin}: ${look.text}`, 'the relay goes on, and every span is lost', ADVICE);
  }
  // A collector takes POST alone there, and says so; what is not found takes no spans.
  if (look.t === 'page' && look.status === 404) {
    return fault(`${url.href} answers 404: no collector of OTLP`, 'the relay goes on, and every span is lost', ADVICE);
  }
  const spans = judgeSpans(metrics);
  return spans.status === 'warning' ? spans : ok(`the collector ${url.origin} answers`);
}

/** The service's own account of its spans. */
export function judgeSpans(metrics: ReadonlyMap<string, number> | Failed): Judgement {
  const unset = 'no collector is named here (OTEL_EXPORTER_OTLP_ENDPOINT)';
  if ('t' in metrics) return notChecked(`${unset}, and the service does not answer`);
  const lost = [...metrics].filter(([name]) => /^ws_proxy_spans_total\{.*"(?:dropped|lost)"\}$/.test(name));
  const count = lost.reduce((sum, [, value]) => sum + value, 0);
  if (count === 0) return notChecked(`${unset}; the service has lost no span`);
  return warning(
    `the service has lost ${count} spans since its start`,
    'traces have holes; the relay is not affected',
    ADVICE,
  );
}
