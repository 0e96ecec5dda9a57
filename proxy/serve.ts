import { readFile } from 'node:fs/promises';
import { ConfigError, loadConfig, type Sources } from './config/load.js';
import type { Config } from './config/options.js';
import { WsProxy } from './proxy.js';

/** Time after the drain's deadline in which everything must have stopped, milliseconds. */
const STOP_GRACE = 5_000;

/** Runs the service until a signal: drains, stops, and returns. A second signal stops at once. */
export async function serve(flags: Record<string, string>): Promise<void> {
  const config = await readConfig(flags);
  const proxy = await WsProxy.start(config);
  const signal = await firstSignal();
  proxy.parts.telemetry.log.logger.info({ signal }, 'stopping');
  const overdue = setTimeout(() => process.exit(1), config.drainDeadline + STOP_GRACE);
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  await proxy.drainAndStop();
  clearTimeout(overdue);
  // Libraries may hold handles that they never release; everything of ours is closed.
  process.exit(0);
}

async function readConfig(flags: Record<string, string>): Promise<Config> {
  const { config: flagged, ...rest } = flags;
  const name = flagged ?? process.env['WS_PROXY_CONFIG'];
  const file = name === undefined ? undefined : { name, text: await readText(name) };
  const sources: Sources = { flags: rest, environment: process.env, ...(file === undefined ? {} : { file }) };
  return loadConfig(sources);
}

async function readText(name: string): Promise<string> {
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    throw new ConfigError(`--config ${name}: ${(error as Error).message}`);
  }
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}
