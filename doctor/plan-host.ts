import { AdminFailure, EXIT } from '../admin/exit-codes.js';
import { ConfigError, loadConfig } from '../proxy/config/load.js';
import type { Config } from '../proxy/config/options.js';
import { readSources } from '../proxy/config/read.js';
import type { DoctorFlags } from './command.js';
import type { HostPlan } from './look/host.js';
import type { RunFolder, RunPorts } from './run-folder.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The plan of the looks at this machine: by the service's own options, or else by those of a run of `npm start`. */
export async function planHost(
  flags: DoctorFlags,
  run: RunFolder,
  ports: RunPorts,
  environment: Environment,
): Promise<HostPlan> {
  const file = flags.config ?? environment['WS_PROXY_CONFIG'];
  const config = await configOf(file, run, environment);
  const isAsked = file !== undefined || environment['WS_PROXY_MAX_CONNECTIONS'] !== undefined;
  const read = 'fault' in config ? undefined : config;
  const ofConfig = file === undefined || read === undefined ? undefined : `http://${hostOf(read)}:${read.metricsPort}`;
  return {
    config,
    configFrom: file === undefined ? `of the run in ${run.path}` : `in ${file}`,
    maxConnections: (isAsked && read?.maxConnections) || 0,
    metrics: urlOf(flags.metrics ?? ofConfig ?? `http://127.0.0.1:${ports.metrics}`, '--metrics'),
    admin: urlOf(flags.envoyAdmin ?? `http://127.0.0.1:${ports.admin}`, '--envoy-admin'),
    logs: flags.logs ?? (file === undefined ? [run.logs] : []),
    environment,
    timeout: flags.timeout,
  };
}

async function configOf(
  file: string | undefined,
  run: RunFolder,
  environment: Environment,
): Promise<Config | { readonly fault: string }> {
  const flags: Record<string, string> = file === undefined ? { ...run.flags } : { config: file };
  try {
    return loadConfig(await readSources(flags, environment));
  } catch (error) {
    if (error instanceof ConfigError) return { fault: error.message };
    throw error;
  }
}

/** An address of all interfaces is asked at loopback. */
function hostOf({ metricsHost }: Config): string {
  if (metricsHost === '0.0.0.0') return '127.0.0.1';
  if (metricsHost === '::') return '[::1]';
  return metricsHost.includes(':') ? `[${metricsHost}]` : metricsHost;
}

function urlOf(text: string, flag: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:') return url;
  throw new AdminFailure(`${flag}: give an http URL such as http://127.0.0.1:9464, not ${text}`, EXIT.usage);
}
