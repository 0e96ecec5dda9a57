import { hostname } from 'node:os';
import { PROMETHEUS_CONTENT_TYPE } from '../telemetry/metrics/prometheus.js';
import { hostGuard } from './host-names.js';
import type { PageHandler } from './probes.js';

/** A header that keeps a page of another site from running the answer as its script. */
const HEADERS = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' };

/**
 * Serves `/metrics` to requests whose Host is an address, a private name, or one of `names`. The probes beside it answer everybody,
 * since their single word is of no use to an attacker.
 */
export function metricsPage(render: () => string, names: readonly string[]): PageHandler {
  const faultOf = hostGuard([...names, hostname()]);
  return (request, response) => {
    const fault = faultOf(request);
    const type = fault === undefined ? PROMETHEUS_CONTENT_TYPE : 'text/plain; charset=utf-8';
    response.writeHead(fault === undefined ? 200 : 403, {
      'content-type': type,
      'cache-control': 'no-store',
      ...HEADERS,
    });
    response.end(fault === undefined ? render() : `${fault}\n`);
  };
}
