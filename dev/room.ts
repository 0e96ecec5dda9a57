import { connectionsWithin, edgeConnectionsFor, openFilesFor } from '../envoy/settings.js';
import { options } from '../proxy/config/options.js';
import { parseValue } from '../proxy/config/value.js';

/** The limits of connections of one run, which fit each other and the open files that the system allows. */
export interface Room {
  readonly edge: number;
  /** Each service's, where it has to be lower than what it was told. */
  readonly service?: number;
  readonly warning?: string;
}

/**
 * Makes room for the `WS_PROXY_MAX_CONNECTIONS` of so many services behind one Envoy, or says why there is less; of the default, which nobody
 * needs at a desk, there may be less without a word. `openFiles` is unknown where undefined.
 */
export function roomFor(env: NodeJS.ProcessEnv, openFiles: number | undefined, services = 1): Room {
  const wanted = connectionsOf(env);
  const edge = edgeConnectionsFor(wanted * services);
  const needed = openFilesFor(edge);
  if (openFiles === undefined || openFiles >= needed) return { edge };
  const most = Math.max(1, connectionsWithin(openFiles));
  const service = Math.max(options.maxConnections.min, Math.floor((most * wanted) / edge));
  const warning =
    `warning: the system allows ${openFiles} open files: of ${wanted} connections${services > 1 ? ' of each replica' : ''} ${service} are served; ` +
    `Envoy needs ${needed} for all of them: ulimit -Hn ${needed}, as root`;
  const isAsked = env['WS_PROXY_MAX_CONNECTIONS'] !== undefined;
  return { edge: most, service, ...(isAsked && { warning }) };
}

/** The limit that the environment sets. The service itself refuses a value that is wrong. */
function connectionsOf(env: NodeJS.ProcessEnv): number {
  const preset = Number(options.maxConnections.default);
  const parsed = parseValue(options.maxConnections, env['WS_PROXY_MAX_CONNECTIONS'] ?? options.maxConnections.default);
  return 'ok' in parsed ? Number(parsed.ok) : preset;
}
