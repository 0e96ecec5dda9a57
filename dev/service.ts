import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, type Sources } from '../proxy/config/load.js';
import { readSources } from '../proxy/config/read.js';
import { readYaml } from '../proxy/config/yaml-file.js';
import { stopTime } from '../proxy/stop-time.js';
import { V8_FLAGS } from '../proxy/v8-flags.js';
import { type Part, startPart } from './part.js';
import type { RunFiles } from './prepare.js';
import type { SharedFiles } from './shared-files.js';

const command = fileURLToPath(new URL('../../bin/ws-proxy.js', import.meta.url));

/** At a desk nobody wants to wait for invocations that never end. */
const DRAIN_DEADLINE = '2s';
/** Milliseconds beyond the time after which the service ends by itself whatever is left. */
const STOP_MARGIN_MS = 1_000;
/** Milliseconds to stop for a service that refuses its options: it says so and ends. */
const REFUSING_MS = 5_000;

/** The plan by which the service is run. */
export interface ServicePlan {
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds that it has to stop: its drain is given the time that its options name. */
  readonly stopMs: number;
}

/** Plans the service by the options in the environment and in the file that it names; the drain is short where neither sets its length. */
export async function planService(env: NodeJS.ProcessEnv): Promise<ServicePlan> {
  try {
    const sources = await readSources({}, env);
    const own = namesDrainDeadline(sources) ? {} : { WS_PROXY_DRAIN_DEADLINE: DRAIN_DEADLINE };
    const config = loadConfig({ ...sources, environment: { ...env, ...own } });
    return { env: { ...env, ...own }, stopMs: stopTime(config) + STOP_MARGIN_MS };
  } catch {
    // The service finds the same fault, and its log says which.
    return { env, stopMs: REFUSING_MS };
  }
}

function namesDrainDeadline({ environment, file }: Sources): boolean {
  if (environment['WS_PROXY_DRAIN_DEADLINE'] !== undefined) return true;
  const entries = file === undefined ? [] : readYaml(file.name, file.text);
  return entries.some((entry) => 'flag' in entry && entry.flag === 'drain-deadline');
}

/** What sets one service of a run apart from others. */
export interface ServicePlace {
  /** For people. */
  readonly name: string;
  readonly serviceSocket: string;
  readonly controlSocket: string;
  readonly metricsPort: number;
  readonly log: string;
  readonly auditLog: string;
  /** Further flags of serve. */
  readonly flags: readonly string[];
}

/** The one service of a run. */
export function alonePlace(files: RunFiles, metricsPort: number): ServicePlace {
  return {
    name: 'the service',
    serviceSocket: files.serviceSocket,
    controlSocket: files.controlSocket,
    metricsPort,
    log: join(files.logDir, 'service.log'),
    auditLog: join(files.logDir, 'audit.log'),
    flags: [],
  };
}

/** Starts `ws-proxy serve` on the run's files. */
export function startService(place: ServicePlace, files: SharedFiles, { env }: ServicePlan, isAnew = false): Part {
  return startPart({
    name: place.name,
    command: process.execPath,
    args: [
      ...[...V8_FLAGS, command, 'serve'],
      ...['--listen', `unix:${place.serviceSocket}`],
      ...['--control-listen', `unix:${place.controlSocket}`],
      ...['--metrics-port', String(place.metricsPort), '--page', 'true'],
      ...['--policy', files.policy],
      ...['--crl', join(files.certs, 'root.crl.pem')],
      ...['--crl-ca', files.authorities],
      ...['--crl-stage', join(files.trust, 'root.crl.pem')],
      ...['--audit-log', place.auditLog],
      ...(files.maxConnections === undefined ? [] : ['--max-connections', String(files.maxConnections)]),
      ...place.flags,
    ],
    env,
    stdout: place.log,
    stderr: place.log,
    isAnew,
  });
}
