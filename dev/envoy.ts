import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Part, startPart } from './part.js';
import { get, waitFor } from './wait.js';

/** Milliseconds that Envoy has to stop by itself. */
export const ENVOY_STOP_MS = 8_000;

/** The plan for an Envoy on rendered files. */
export interface EnvoyPlan {
  /** Its name where there are several, which its files then begin with; `envoy` where not. */
  readonly name?: string;
  readonly binary: string;
  /** The bootstrap that `renderEdge` wrote. */
  readonly bootstrap: string;
  /** Folder of `envoy.log` and `envoy-access.log`, after its name. */
  readonly logDir: string;
  /** Worker threads. */
  readonly workers: number;
}

/** The ports that a running Envoy listens on, also where the system picked them. */
export interface EnvoyPorts {
  readonly peers: number;
  readonly control: number;
  readonly admin: number;
}

/** Milliseconds from start to listening; it takes some 300 when the machine is idle. */
const START_MS = 20_000;

/** An Envoy that listens. */
export interface RunningEnvoy {
  readonly part: Part;
  readonly pid: number;
  readonly ports: EnvoyPorts;
}

/** `isAnew`: one that was there before is started again, and its logs go on. */
export function startEnvoyPart(plan: EnvoyPlan, isAnew = false): Part {
  rmSync(addressPath(plan), { force: true });
  return startPart({
    name: plan.name ?? 'Envoy',
    command: plan.binary,
    args: [
      ...['-c', plan.bootstrap],
      ...['--concurrency', String(plan.workers)],
      // No shared memory: two Envoys on one machine would end each other over it, and a killed one would leave it behind.
      '--disable-hot-restart',
      ...['--admin-address-path', addressPath(plan)],
      // Without the list of everything that this binary could do and a line for each look at the admin port.
      ...['--component-log-level', 'main:warning,admin:warning'],
      // Log lines are read while it runs; the default is every 10 s.
      ...['--file-flush-interval-msec', '200'],
    ],
    // Its tracer warns when the variable is missing.
    env: { OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=ws-proxy', ...process.env },
    stdout: filePath(plan, '-access.log'),
    stderr: filePath(plan, '.log'),
    isAnew,
  });
}

/** Waits until the listeners are open. Throws a WaitError after 20 s, the signal's reason on abort. */
export async function envoyPorts(plan: EnvoyPlan, signal: AbortSignal): Promise<EnvoyPorts> {
  const admin = await waitFor('Envoy did not open its admin port', START_MS, signal, () => readPort(addressPath(plan)));
  const base = `http://127.0.0.1:${admin}`;
  await waitFor('Envoy did not get ready', START_MS, signal, () => get(`${base}/ready`));
  const { peers, control } = await waitFor('Envoy did not open its listeners', START_MS, signal, async () =>
    listenerPorts(await get(`${base}/listeners?format=json`)),
  );
  return { peers, control, admin };
}

/** Starts Envoy and waits until it listens; on any failure nothing is left running. */
export async function startEnvoy(plan: EnvoyPlan): Promise<RunningEnvoy> {
  const part = startEnvoyPart(plan);
  const died = new AbortController();
  part.ended.then((how) => died.abort(new Error(`Envoy ${how}; its last words are in ${part.log}`)));
  try {
    const ports = await envoyPorts(plan, died.signal);
    if (part.pid === undefined) throw new Error('an Envoy that listens has a process id');
    return { part, pid: part.pid, ports };
  } catch (error) {
    await part.stop(0);
    throw error;
  }
}

function addressPath(plan: EnvoyPlan): string {
  return filePath(plan, '-admin.address');
}

function filePath({ logDir, name = 'envoy' }: EnvoyPlan, end: string): string {
  return join(logDir, name + end);
}

async function readPort(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [, port] = /:(\d+)\s*$/.exec(text) ?? [];
  return port === undefined ? undefined : Number(port);
}

interface Listeners {
  listener_statuses?: { name: string; local_address: { socket_address: { port_value: number } } }[];
}

function listenerPorts(body: string | undefined): Omit<EnvoyPorts, 'admin'> | undefined {
  const { listener_statuses: statuses = [] }: Listeners = JSON.parse(body ?? '{}');
  const portOf = (name: string): number | undefined =>
    statuses.find((status) => status.name === name)?.local_address.socket_address.port_value;
  const peers = portOf('peers');
  const control = portOf('control');
  return peers === undefined || control === undefined ? undefined : { peers, control };
}
