import { readFile } from 'node:fs/promises';
import { ConfigError, loadConfig, type Sources } from './config/load.js';
import type { Config } from './config/options.js';
import { WsProxy } from './proxy.js';

/** Time that the parts without peers have to stop, milliseconds. */
const STOP_GRACE = 5_000;

/**
 * Runs the service until SIGINT or SIGTERM: drains, stops, and returns. A second one stops at once. SIGHUP opens the audit log
 * anew; every other file is watched, so there is nothing else to reload.
 */
export async function serve(flags: Record<string, string>): Promise<void> {
  const config = await readConfig(flags);
  const starting = WsProxy.start(config);
  // From the beginning: a rotation of logs must not end a service that is about to start.
  process.on('SIGHUP', () => void starting.then(({ parts }) => parts.telemetry.reopenAudit()).catch(() => {}));
  const proxy = await starting;
  const signal = await firstSignal();
  proxy.parts.telemetry.log.logger.info({ signal }, 'stopping');
  const overdue = setTimeout(() => process.exit(1), stopTime(config));
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  await proxy.drainAndStop();
  clearTimeout(overdue);
  // Libraries may hold handles that they never release; everything of ours is closed.
  process.exit(0);
}

/** Longest time that an orderly stop takes, milliseconds: at the deadline every session may be left, to be closed in batches. */
export function stopTime(config: StopBounds): number {
  const batches = Math.ceil(config.maxSessions / config.drainBatch);
  return config.drainDeadline + batches * config.drainInterval + config.closeTimeout + STOP_GRACE;
}

type StopBounds = Pick<Config, 'maxSessions' | 'drainBatch' | 'drainDeadline' | 'drainInterval' | 'closeTimeout'>;

async function readConfig(flags: Record<string, string>): Promise<Config> {
  const { config: flagged, ...rest } = flags;
  const name = flagged ?? process.env['WS_PROXY_CONFIG'];
  const file = name === undefined ? undefined : { name, text: await readText(name) };
  const sources: Sources = { flags: rest, environment: process.env, ...(file === undefined ? {} : { file }) };
  return loadConfig(sources);
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'this user may not read it',
};

async function readText(name: string): Promise<string> {
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new ConfigError(`--config ${name}: ${faults[code] ?? `it cannot be read (${code})`}: name a YAML file`);
  }
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}
