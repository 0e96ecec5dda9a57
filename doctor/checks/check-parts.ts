import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import type { Host } from '../look/host.js';
import type { Page } from '../look/page-read.js';
import type { Failed } from '../look/way.js';
import { judgeEnvoyVersion } from './supported.js';

/** Can the options be read? */
export async function checkConfiguration({ plan: { config, configFrom } }: Host): Promise<Judgement> {
  if (!('fault' in config)) return ok(`the options ${configFrom} are understood`);
  const todo = 'mend what it names; every option: ws-proxy serve --help';
  return fault(config.fault.split('\n').join('; '), 'the service refuses to start with them', todo);
}

/** Is the service there, and does it take newcomers? */
export async function checkService(host: Host): Promise<Judgement> {
  return judgeService(await host.ready(), host.plan.metrics);
}

export function judgeService(page: Page | Failed, metrics: URL): Judgement {
  if (page.t === 'failed') {
    const what = `the service's probe ${metrics.origin}/readyz: ${page.text}`;
    const todo =
      'start it (npm start, systemctl start ws-proxy), read its last log lines, or name the probe with --metrics';
    return fault(what, 'peers are told unavailable, or cannot connect', todo);
  }
  const said = page.body.trim().slice(0, 200);
  if (page.status === 200) return ok(`the service is ready (${metrics.origin})`);
  if (page.status !== 503) {
    const todo = 'name the address of the metrics and probes with --metrics http://127.0.0.1:9464';
    return fault(
      `${metrics.origin}/readyz answers HTTP ${page.status}: no ws-proxy`,
      'nothing of the service is seen',
      todo,
    );
  }
  return fault(
    `the service is not ready: ${said}`,
    'it takes no new peers',
    'mend what it says; a drained one is to be restarted',
  );
}

/** Is Envoy there? */
export async function checkEnvoy(host: Host): Promise<Judgement> {
  return judgeEnvoy(await host.envoy(), host.plan.admin);
}

export function judgeEnvoy(page: Page | Failed, admin: URL): Judgement {
  if (page.t === 'failed') {
    const todo =
      'start it (npm start, systemctl start ws-proxy-envoy), read its log, or name its admin port with --envoy-admin';
    return fault(`Envoy's admin port ${admin.origin}: ${page.text}`, 'no peer and no operator can connect', todo);
  }
  if (page.status === 200) return ok(`Envoy is ready (${admin.origin})`);
  const what = `Envoy is not ready: HTTP ${page.status} ${page.body.trim().slice(0, 200)}`;
  return fault(what, 'no peer and no operator can connect', 'its log names the listener or the file that it refused');
}

/** Is it an Envoy that the configuration fits? */
export async function checkEnvoyVersion(host: Host): Promise<Judgement> {
  const page = await host.envoyInfo();
  if (page.t === 'failed') return notChecked('Envoy does not answer: see envoy');
  const version = /"version":\s*"([^"]*)"/.exec(page.body)?.[1];
  return version === undefined ? notChecked('its admin port tells no version') : judgeEnvoyVersion(version);
}

/** Are the certificates that Envoy has loaded in their time? */
export async function checkEnvoyCertificates(host: Host): Promise<Judgement> {
  const page = await host.envoyCertificates();
  if (page.t === 'failed') return notChecked('Envoy does not answer: see envoy');
  return judgeEnvoyCertificates(page.body, Date.now());
}

/** Below this share of its time a certificate is due: `certs renew` has renewed it by then. */
const DUE_SHARE = 1 / 3;

export function judgeEnvoyCertificates(body: string, now: number): Judgement {
  const loaded = [...body.matchAll(/"valid_from":\s*"([^"]+)",\s*"expiration_time":\s*"([^"]+)"/g)];
  if (loaded.length === 0) {
    const todo = 'look at /certs of its admin port, and at its log: a pair that does not fit is refused';
    return fault('Envoy has loaded no certificate', 'every handshake fails', todo);
  }
  const spans = loaded.map(([, from = '', to = '']) => ({ from: Date.parse(from), to: Date.parse(to), said: to }));
  const first = spans.reduce((least, one) => (one.to < least.to ? one : least));
  const todo = 'ws-proxy certs renew; for a root: docs/operations.md#certificates';
  if (first.to <= now)
    return fault(`a certificate or CA that Envoy has loaded ended at ${first.said}`, 'handshakes fail', todo);
  const due = spans.find(({ from, to }) => to - now < (to - from) * DUE_SHARE);
  if (due !== undefined)
    return warning(`a certificate or CA of Envoy's ends at ${due.said}`, 'then handshakes fail', todo);
  return ok(`what Envoy has loaded is good until ${first.said} at least`);
}
