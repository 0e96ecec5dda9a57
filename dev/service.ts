import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, type Sources } from '../proxy/config/load.js';
import { readSources } from '../proxy/config/read.js';
import { readYaml } from '../proxy/config/yaml-file.js';
import { stopTime } from '../proxy/stop-time.js';
import { V8_FLAGS } from '../proxy/v8-flags.js';
import { type Part, startPart } from './part.js';
import type { RunFiles } from './prepare.js';

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

/** Starts `ws-proxy serve` on the run's files. */
export function startService(files: RunFiles, metricsPort: number, { env }: ServicePlan): Part {
  return startPart({
    name: 'the service',
    command: process.execPath,
    args: [
      ...[...V8_FLAGS, command, 'serve'],
      ...['--listen', `unix:${files.serviceSocket}`],
      ...['--control-listen', `unix:${files.controlSocket}`],
      ...['--metrics-port', String(metricsPort), '--page', 'true'],
      ...['--policy', files.policy],
      ...['--crl', join(files.certs, 'root.crl.pem')],
      ...['--crl-ca', files.authorities],
      ...['--crl-stage', join(files.trust, 'root.crl.pem')],
      ...['--audit-log', join(files.logDir, 'audit.log')],
      ...(files.maxConnections === undefined ? [] : ['--max-connections', String(files.maxConnections)]),
    ],
    env,
    stdout: join(files.logDir, 'service.log'),
    stderr: join(files.logDir, 'service.log'),
  });
}
