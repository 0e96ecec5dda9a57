import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runDirOf } from '../proxy/values/run-dir.js';
import { readPage } from './look/page-read.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The part of the run directory of `npm start` that the checks look at. */
export interface RunFolder {
  readonly path: string;
  readonly isThere: boolean;
  /** A file of `certs`. */
  cert(name: string): string;
  /** Options of `serve` as `npm start` gives them, by option key. */
  readonly flags: Readonly<Record<string, string>>;
  readonly logs: string;
  /** The file in which Envoy wrote the address of its admin port. */
  readonly adminAddress: string;
}

/** The run directory that the environment names, else `.run`. */
export function runFolder(environment: Environment): RunFolder {
  const path = runDirOf(environment);
  const at = (...names: string[]): string => resolve(path, ...names);
  const cert = (name: string): string => join(path, 'certs', name);
  const isThere = existsSync(cert('root.cert.pem'));
  const logs = join(path, 'log');
  const files = { policy: at('policy.yaml'), crl: at('certs', 'root.crl.pem'), crlCa: at('trust', 'authorities.pem') };
  // It is there while several replicas run.
  const nats = existsSync(at('fleet.json')) ? natsPortIn(textOf(at('nats', 'nats.conf'))) : undefined;
  if (nats === undefined) {
    const sockets = { listen: `unix:${at('proxy.sock')}`, controlListen: `unix:${at('control.sock')}` };
    const flags = { ...sockets, ...files, auditLog: at('log', 'audit.log') };
    return { path, isThere, cert, flags, logs, adminAddress: join(logs, 'envoy-admin.address') };
  }
  const flags = {
    ...{ listen: `unix:${at('proxy-1.sock')}`, controlListen: `unix:${at('control-1.sock')}` },
    ...{ hopListen: `unix:${at('hop-1.sock')}`, nats: `nats://127.0.0.1:${nats}`, natsUserFile: at('nats', 'user') },
    ...{ ...files, auditLog: at('log', 'replica-1-audit.log') },
  };
  return { path, isThere, cert, flags, logs, adminAddress: join(logs, 'envoy-1-admin.address') };
}

/** The port that its configuration names. Where several replicas run, the first of them stands for all. */
function natsPortIn(config: string): number | undefined {
  return Number(/^listen: "127\.0\.0\.1:(\d+)"$/m.exec(config)?.[1]) || undefined;
}

/** The ports of a run. */
export interface RunPorts {
  readonly peers: number;
  readonly control: number;
  readonly metrics: number;
  readonly admin: number;
}

/** As the variables of `npm start` say; where they do not, as the run itself has written down and Envoy says; else the usual ones. */
export async function portsOf(run: RunFolder, environment: Environment, timeout: number): Promise<RunPorts> {
  const set = (name: string): number | undefined => Number(environment[name]) || undefined;
  const admin = set('ENVOY_ADMIN_PORT') ?? portIn(textOf(run.adminAddress)) ?? 9901;
  const peers = set('WS_PROXY_PORT');
  const control = set('WS_PROXY_CONTROL_PORT');
  const isKnown = peers !== undefined && control !== undefined;
  const listeners = isKnown || !run.isThere ? '' : await listenersAt(admin, timeout);
  const metrics = set('WS_PROXY_METRICS_PORT') ?? metricsPortOf(run) ?? 9464;
  return {
    peers: peers ?? listenerIn(listeners, 'peers') ?? 5050,
    control: control ?? listenerIn(listeners, 'control') ?? 5051,
    metrics,
    admin,
  };
}

async function listenersAt(admin: number, timeout: number): Promise<string> {
  const page = await readPage(new URL(`http://127.0.0.1:${admin}/listeners`), timeout);
  return page.t === 'page' && page.status === 200 ? page.body : '';
}

/** Envoy writes a line for each: `peers::127.0.0.1:5050`. */
export function listenerIn(text: string, name: string): number | undefined {
  return portIn(text.split('\n').find((line) => line.startsWith(`${name}::`)) ?? '');
}

/** The command line of the running service, whose process id stands in the run directory. */
function metricsPortOf({ path }: RunFolder): number | undefined {
  const ids = [...textOf(join(path, 'parts.json')).matchAll(/"pid":(\d{1,10})/g)].map(([, pid = '']) => pid);
  return ids.map((pid) => metricsPortIn(textOf(`/proc/${pid}/cmdline`))).find((port) => port !== undefined);
}

/** Reads a command line as /proc has it: a NUL behind each word. */
export function metricsPortIn(commandLine: string): number | undefined {
  const words = commandLine.split('\0');
  const flag = words.indexOf('--metrics-port');
  return flag < 0 ? undefined : Number(words[flag + 1]) || undefined;
}

function portIn(address: string): number | undefined {
  return Number(/:(\d{1,5})\s*$/.exec(address)?.[1]) || undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 64 * 1024);
  } catch {
    return '';
  }
}
