import { WsProxy } from './compose/proxy.js';
import { loadConfig } from './config/load.js';
import { readSources } from './config/read.js';
import { stopTime } from './stop-time.js';

/**
 * Runs the service until SIGINT or SIGTERM: drains, stops, and returns. A second signal stops at once. SIGHUP opens the audit log anew;
 * every other file is watched, so there is nothing else to reload.
 */
export async function serve(flags: Record<string, string>): Promise<void> {
  const config = loadConfig(await readSources(flags, process.env));
  const starting = WsProxy.start(config);
  // The handler is set first: a rotation of logs must not end a service that is about to start.
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

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}
