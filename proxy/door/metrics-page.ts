import { hostname } from 'node:os';
import { PROMETHEUS_CONTENT_TYPE } from '../telemetry/metrics/prometheus.js';
import { hostGuard } from './host-names.js';
import type { Page } from './probes.js';

/** What keeps a page of another site from taking the answer for a script of its own. */
const HEADERS = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' };

/**
 * `/metrics`: for who asks by an address or by a name of ours (`names` besides). The probes beside it answer everybody, since what they say,
 * one word, is of use to nobody else.
 */
export function metricsPage(render: () => string, names: readonly string[]): Page {
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
