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
  /** Several replicas in the place of the one service. */
  readonly fleet?: FleetForm;
}

/** The parts of a run with several replicas. */
export interface FleetForm {
  /** At least 1. */
  readonly replicas: number;
  readonly envoys: number;
  readonly natsBinary: string;
  /** 0 stands for a port that the system picks. */
  readonly natsPort: number;
}

const defaults: Ports = { peers: 5050, control: 5051, metrics: 9464, admin: 9901 };
/** The longest name of a socket. */
const LONGEST_SOCKET = 'control-64.sock';
/** Replicas on one machine; each takes a core when it is busy. */
const MAX_REPLICAS = 64;
/** The variable that says how many there are, and how many there are in a run that is to show several. */
const REPLICAS = 'WS_PROXY_REPLICAS';
const SHOWN_REPLICAS = 3;
const SHOWN_ENVOYS = 2;
/** The variable of NATS's port. */
export const NATS_PORT = 'NATS_PORT';
const DEFAULT_NATS_PORT = 4222;

/**
 * Reads the environment. `isFleet`: several replicas and Envoys, which `npm start` has only where WS_PROXY_REPLICAS says so. Throws a
 * SettingsError that names the variable.
 */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string, isFleet = false): DevelopmentSettings {
  const runDir = resolve(cwd, runDirOf(env));
  const tracesUrl = tracesUrlFrom(env);
  const fleet = fleetFrom(env, isFleet);
  return {
    ...(fleet && { fleet }),
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

function fleetFrom(env: NodeJS.ProcessEnv, isFleet: boolean): FleetForm | undefined {
  const text = env[REPLICAS] || String(isFleet ? SHOWN_REPLICAS : 1);
  const replicas = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (replicas < 1 || replicas > MAX_REPLICAS) {
    throw new SettingsError(
      `${REPLICAS} must be a whole number from 1 to ${MAX_REPLICAS}, not ${JSON.stringify(text)}`,
    );
  }
  if (!isFleet && replicas === 1) return undefined;
  return {
    replicas,
    envoys: isFleet ? SHOWN_ENVOYS : 1,
    natsBinary: env['NATS_BIN'] ?? 'nats-server',
    natsPort: portIn(env, NATS_PORT, DEFAULT_NATS_PORT),
  };
}

function portFrom(env: NodeJS.ProcessEnv, name: PortName): number {
  return portIn(env, portVariables[name], defaults[name]);
}

function portIn(env: NodeJS.ProcessEnv, variable: string, preset: number): number {
  const text = env[variable] || String(preset);
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
