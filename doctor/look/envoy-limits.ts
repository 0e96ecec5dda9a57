import { dirname, join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { readBounded, UnreadableFile } from '../../proxy/policy/lists/watched-file.js';
import type { Failed } from './way.js';

/** The limits in Envoy's configuration and those of its process. A limit that could not be read is left out. */
export interface EnvoyLimits {
  /** Peers at one time. */
  readonly maxConnections?: number;
  /** Connections that may wait in the queue of the peers' listener. */
  readonly backlog?: number;
  readonly pid?: number;
  /** Files that the process may have open. */
  readonly openFiles?: number;
}

/** Largest file of listeners that is read, bytes. */
const MAX_LISTENERS_BYTES = 1024 * 1024;

/** Reads the file of listeners beside the bootstrap that Envoy says it runs on: its admin port tells no configuration. */
export async function readEnvoyLimits(bootstrap: string): Promise<EnvoyLimits | Failed> {
  const file = join(dirname(bootstrap), 'lds.yaml');
  try {
    return envoyLimitsIn((await readBounded(file, MAX_LISTENERS_BYTES)).toString());
  } catch (error) {
    if (!(error instanceof UnreadableFile || error instanceof YAMLParseError)) throw error;
    return { t: 'failed', code: 'LISTENERS', text: `${file}: ${error.message}` };
  }
}

/** Reads the limits of the peers' listener. Throws YAMLParseError. */
export function envoyLimitsIn(text: string): EnvoyLimits {
  const limits: { maxConnections?: number; backlog?: number } = {};
  walk(parse(text), (one) => {
    if (one['stat_prefix'] === 'peers' && one['max_connections'] !== undefined)
      limits.maxConnections = Number(one['max_connections']);
    if (one['name'] === 'peers' && one['tcp_backlog_size'] !== undefined)
      limits.backlog = Number(one['tcp_backlog_size']);
  });
  return limits;
}

function walk(value: unknown, visit: (one: Readonly<Record<string, unknown>>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value as Readonly<Record<string, unknown>>);
  for (const one of Object.values(value)) walk(one, visit);
}
