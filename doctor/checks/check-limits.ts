import { openFilesFor } from '../../envoy/settings.js';
import { HOW_TO_RAISE, RESERVED_FILES, systemLimits } from '../../proxy/door/open-files.js';
import { fault, type Judgement, notChecked, ok, warning, worst } from '../finding.js';
import type { EnvoyLimits } from '../look/envoy-limits.js';
import type { Host } from '../look/host.js';
import type { Failed } from '../look/way.js';

/** Share of its file limit above which a process with so many files open is reported. */
const FULL = 0.8;

/** May the service have as many files open as its connections need? */
export async function checkServiceFiles(host: Host): Promise<Judgement> {
  return judgeServiceFiles(await host.metrics(), host.plan.maxConnections);
}

/** `wanted`: connections that were asked for. */
export function judgeServiceFiles(metrics: ReadonlyMap<string, number> | Failed, wanted: number): Judgement {
  if ('t' in metrics) return notChecked('the service does not answer: see service');
  const [most = 0, open = 0, served = 0] = ['process_max_fds', 'process_open_fds', 'ws_proxy_connections_limit'].map(
    (name) => metrics.get(name),
  );
  if (most === 0) return notChecked('the service does not know how many files it may have open');
  const files = `${most} open files allowed, ${open} open`;
  const needed = Math.max(wanted, served) + RESERVED_FILES;
  const raise = `allow ${needed} (${HOW_TO_RAISE}), and restart`;
  if (open > most * FULL) return fault(files, 'at the end no peer gets in and no file is read', raise);
  if (served < wanted) {
    const why = `of ${wanted} connections asked for, ${served} are served; more are told server_full`;
    return warning(files, why, `${raise}; or ask for fewer: --max-connections ${served}`);
  }
  return ok(`${files}, enough for ${served} connections`);
}

const NO_LISTENER = 'Envoy has no listener of peers as ws-proxy envoy render writes it';

/** May Envoy? */
export async function checkEnvoyFiles(host: Host): Promise<Judgement> {
  return judgeEnvoyFiles(await host.envoyLimits());
}

export function judgeEnvoyFiles(limits: EnvoyLimits | Failed): Judgement {
  if ('t' in limits) return notChecked(`Envoy's limit is not known: ${limits.text}`);
  const { maxConnections, openFiles, pid } = limits;
  if (maxConnections === undefined) return notChecked(NO_LISTENER);
  if (openFiles === undefined) return notChecked('the process of Envoy cannot be seen: ask as its user, or as root');
  const needed = openFilesFor(maxConnections);
  const files = `${openFiles} open files allowed (process ${pid})`;
  if (openFiles >= needed) return ok(`${files}, enough for ${maxConnections} peers`);
  const todo = `allow ${needed} (${HOW_TO_RAISE}), and restart; or render with fewer --max-connections`;
  return fault(files, `${maxConnections} peers need ${needed}: at the end of the files new peers hang`, todo);
}

/** Does the system let as many connections wait as dial at once? */
export async function checkBacklog(host: Host): Promise<Judgement> {
  const limits = await host.envoyLimits();
  const asked = 't' in limits ? undefined : limits.backlog;
  return judgeBacklog(systemLimits().backlog, Math.min(asked ?? USUAL_BACKLOG, USUAL_BACKLOG));
}

/** The defaults of Linux. */
const USUAL_BACKLOG = 4_096;

/** `allowed`: net.core.somaxconn; `wanted`: the queue of the listeners. */
export function judgeBacklog(allowed: number | undefined, wanted: number): Judgement {
  if (allowed === undefined) return notChecked('the system does not tell net.core.somaxconn');
  if (allowed >= wanted) return ok(`net.core.somaxconn is ${allowed}: so many may wait to be taken`);
  const why = 'when more peers dial at once some are told unavailable, or wait for a second try';
  return warning(`net.core.somaxconn is ${allowed}`, why, `sysctl -w net.core.somaxconn=${wanted}, and restart`);
}

/** Does the service know its limits fit those of Envoy before it? */
export async function checkConnections(host: Host): Promise<Judgement> {
  return judgeConnections(await host.metrics(), await host.envoyLimits());
}

export function judgeConnections(
  metrics: ReadonlyMap<string, number> | Failed,
  limits: EnvoyLimits | Failed,
): Judgement {
  if ('t' in metrics) return notChecked('the service does not answer: see service');
  if ('t' in limits) return notChecked(`Envoy's limit is not known: ${limits.text}`);
  if (limits.maxConnections === undefined) return notChecked(NO_LISTENER);
  const served = metrics.get('ws_proxy_connections_limit') ?? 0;
  const sessions = metrics.get('ws_proxy_sessions_limit') ?? 0;
  const { maxConnections } = limits;
  const fits = ok(`${served} connections and ${sessions} sessions, before them Envoy with ${maxConnections}`);
  const edge =
    maxConnections > served
      ? fits
      : fault(
          `Envoy takes ${maxConnections} peers, the service ${served}`,
          'beyond Envoy’s limit peers are cut off without a word',
          `ws-proxy envoy render --max-connections ${Math.ceil((served * 4) / 3)}`,
        );
  const half =
    sessions * 2 >= served
      ? fits
      : warning(
          `${sessions} sessions for ${served} connections`,
          'meetups_full comes before all could be paired',
          `--max-sessions ${Math.ceil(served / 2)}`,
        );
  return worst(edge, half);
}
