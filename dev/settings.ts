import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MAX_SOCKET_PATH_BYTES, SettingsError } from '../envoy/settings.js';
import { tracesUrlFrom } from '../envoy/traces-url.js';
import { readPort } from '../proxy/values/count.js';
import { runDirOf } from '../proxy/values/run-dir.js';
import { faultOfPrefix, MEETUP_PREFIX } from '../proxy/wire/path.js';

/** The ports of `npm start`, by who uses them. */
export const portVariables = {
  peers: 'WS_PROXY_PORT',
  control: 'WS_PROXY_CONTROL_PORT',
  metrics: 'WS_PROXY_METRICS_PORT',
  admin: 'ENVOY_ADMIN_PORT',
} as const;

export type PortName = keyof typeof portVariables;
export type Ports = Readonly<Record<PortName, number>>;

/** The settings of `npm start`. */
export interface DevelopmentSettings {
  readonly envoyBinary: string;
  /** An absolute path. All files of a run are below it, but for sockets whose path would be too long. */
  readonly runDir: string;
  readonly socketDir: string;
  /** The text before the meetup id in every path. */
  readonly pathPrefix: string;
  /** 0 stands for a port that the system picks. */
  readonly ports: Ports;
  /** The address that the edge sends its spans to, from the standard `OTEL_*` variables. */
  readonly tracesUrl?: URL;
}

const defaults: Ports = { peers: 5050, control: 5051, metrics: 9464, admin: 9901 };
/** The longest name of a socket. */
const LONGEST_SOCKET = 'control.sock';

/** Reads the environment. Throws a SettingsError that names the variable. */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string): DevelopmentSettings {
  const runDir = resolve(cwd, runDirOf(env));
  const tracesUrl = tracesUrlFrom(env);
  return {
    envoyBinary: env['ENVOY_BIN'] ?? 'envoy',
    runDir,
    socketDir: socketDirFor(runDir),
    pathPrefix: prefixFrom(env),
    ports: {
      peers: portFrom(env, 'peers'),
      control: portFrom(env, 'control'),
      metrics: portFrom(env, 'metrics'),
      admin: portFrom(env, 'admin'),
    },
    ...(tracesUrl && { tracesUrl }),
  };
}

function portFrom(env: NodeJS.ProcessEnv, name: PortName): number {
  const variable = portVariables[name];
  const text = env[variable] || String(defaults[name]);
  const port = readPort(text);
  if ('ok' in port) return port.ok;
  throw new SettingsError(`${variable} must be a port from 0 to 65535, not ${JSON.stringify(text)}`);
}

/** The service reads the same variable. */
function prefixFrom(env: NodeJS.ProcessEnv): string {
  const text = env['WS_PROXY_PATH_PREFIX'] ?? MEETUP_PREFIX;
  const fault = faultOfPrefix(text);
  if (fault === undefined) return text;
  throw new SettingsError(
    `WS_PROXY_PATH_PREFIX must be a path such as ${MEETUP_PREFIX}, not ${JSON.stringify(text)}: ${fault}`,
  );
}

/** The run directory itself, or a short place of its own in the temporary folder when the run directory lies too deep. */
function socketDirFor(runDir: string): string {
  if (Buffer.byteLength(join(runDir, LONGEST_SOCKET)) <= MAX_SOCKET_PATH_BYTES) return runDir;
  const name = createHash('sha256').update(runDir).digest('hex').slice(0, 16);
  return join(tmpdir(), `ws-proxy-${name}`);
}
