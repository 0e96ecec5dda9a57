import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { startEnvoy } from '../../dev/envoy.js';
import type { Part } from '../../dev/part.js';
import { renderEdge } from '../../envoy/render.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';

/** The address of one of the compared services, or those of several between which meetups are shared out. */
export type Upstream = (
  | { readonly unixPath: string }
  | { readonly unixPaths: readonly string[] }
  | { readonly port: number }
) & {
  readonly name: string;
  /** Changes of the edge's configuration for this upstream: JSON text, and its replacement. */
  readonly settings?: Settings;
};

type Settings = Readonly<Record<string, string>>;

export interface EdgePlan {
  readonly dir: string;
  /** Folder of the development PKI. */
  readonly certs: string;
  readonly upstreams: readonly Upstream[];
  readonly workers: number;
  readonly core?: number | string;
}

export interface BenchEdge {
  readonly part: Part;
  readonly pid: number;
  /** Port of each upstream's listener, by the upstream's name. */
  readonly ports: ReadonlyMap<string, number>;
}

const MAX_CONNECTIONS = 20_000;

interface NamedResource {
  name: string;
}
/** The socket that the original cluster names and nobody listens on. */
const UNUSED = 'unused.sock';

/**
 * One Envoy with the project's own configuration, and for each upstream a copy of the peers' listener, route and cluster with
 * another name and address. So all compared services are behind the same process and the same settings.
 */
export async function startBenchEdge(plan: EdgePlan): Promise<BenchEdge> {
  const configDir = join(plan.dir, 'envoy');
  const bootstrap = await renderEdge({
    configDir,
    pathPrefix: MEETUP_PREFIX,
    address: '127.0.0.1',
    peersPort: 0,
    controlPort: 0,
    adminPort: 0,
    maxConnections: MAX_CONNECTIONS,
    serverCertificate: join(plan.certs, 'server.cert.pem'),
    serverKey: join(plan.certs, 'server.key.pem'),
    clientCa: join(plan.certs, 'root.cert.pem'),
    clientCrl: join(plan.certs, 'root.crl.pem'),
    serviceSocket: join(plan.dir, UNUSED),
    controlSocket: join(plan.dir, 'control.sock'),
    controlJson: false,
  });
  await copyForEach(configDir, plan.upstreams);
  const running = await startEnvoy({ binary: envoyBinary(), bootstrap, logDir: plan.dir, workers: plan.workers });
  if (plan.core !== undefined) execFileSync('taskset', ['-apc', String(plan.core), String(running.pid)]);
  return { part: running.part, pid: running.pid, ports: await portsOf(running.ports.admin) };
}

async function copyForEach(configDir: string, upstreams: readonly Upstream[]): Promise<void> {
  const [listeners, clusters, routes] = await Promise.all(
    ['lds.yaml', 'cds.yaml', 'rds/peers.yaml'].map((file) => read(configDir, file)),
  );
  if (listeners === undefined || clusters === undefined || routes === undefined) throw new Error('no configuration');
  const unused = pipe(join(dirname(configDir), UNUSED));
  for (const upstream of upstreams) {
    const { name, settings = {} } = upstream;
    const original = textOf(listeners, 'peers') + textOf(clusters, 'rendezvous');
    const gone = Object.keys(settings).find((before) => !original.includes(before));
    if (gone !== undefined) throw new Error(`the edge has no ${gone}: bring the scenario edge up to date`);
    const listener = {
      '"route_config_name":"peers"': `"route_config_name":"${name}"`,
      'rds/peers.yaml': `rds/${name}.yaml`,
    };
    listeners.push(copyOf(listeners, 'peers', name, listener, settings));
    clusters.push(copyOf(clusters, 'rendezvous', name, clusterFor(upstream, unused), settings));
    const route = copyOf(routes, 'peers', name, routeFor(upstream));
    await write(configDir, `rds/${name}.yaml`, [route]);
  }
  await write(configDir, 'lds.yaml', listeners);
  await write(configDir, 'cds.yaml', clusters);
}

/**
 * Copies a resource under another name, with texts of its JSON form replaced. Each text of `replaced` must be there; texts of
 * `settings` may be.
 */
function copyOf(
  all: readonly NamedResource[],
  from: string,
  to: string,
  replaced: Settings,
  settings: Settings = {},
): NamedResource {
  let text = textOf(all, from);
  for (const [before, after] of Object.entries(replaced)) {
    if (!text.includes(before))
      throw new Error(`the edge's ${from} has no ${before}: bring test/bench/edge.ts up to date`);
    text = text.replaceAll(before, after);
  }
  for (const [before, after] of Object.entries(settings)) text = text.replaceAll(before, after);
  return { ...JSON.parse(text), name: to };
}

function textOf(all: readonly NamedResource[], from: string): string {
  return JSON.stringify(all.find(({ name }) => name === from));
}

/** The changes of the cluster; `unused`: the address in the original. */
function clusterFor(upstream: Upstream, unused: string): Settings {
  if ('unixPath' in upstream) return { [unused]: pipe(upstream.unixPath) };
  if ('port' in upstream) {
    return { [unused]: JSON.stringify({ socket_address: { address: '127.0.0.1', port_value: upstream.port } }) };
  }
  const endpoint = (address: string): string => `{"endpoint":{"hostname":"ws-proxy","address":${address}}}`;
  const endpoints = upstream.unixPaths.map((path) => endpoint(pipe(path))).join(',');
  return { [endpoint(unused)]: endpoints, '"type":"STATIC"': '"type":"STATIC","lb_policy":"MAGLEV"' };
}

/** The changes of the route: as for a fleet, the path says which of several replicas is asked. */
function routeFor(upstream: Upstream): Settings {
  const cluster = `"cluster":"${upstream.name}"`;
  const hash = '"hash_policy":[{"header":{"header_name":":path"},"terminal":true}]';
  return { '"cluster":"rendezvous"': 'unixPaths' in upstream ? `${cluster},${hash}` : cluster };
}

function pipe(path: string): string {
  return JSON.stringify({ pipe: { path } });
}

async function read(configDir: string, file: string): Promise<NamedResource[]> {
  return (parse(await readFile(join(configDir, file), 'utf8')) as { resources: NamedResource[] }).resources;
}

/** Every JSON text is YAML. */
function write(configDir: string, file: string, resources: readonly NamedResource[]): Promise<void> {
  return writeFile(join(configDir, file), JSON.stringify({ resources }));
}

/** The Envoy of the set-up of `npm run bench`, unless ENVOY_BIN names another. */
function envoyBinary(): string {
  const binary = process.env['ENVOY_BIN'] ?? '.tools/envoy/envoy';
  if (!existsSync(binary)) throw new Error(`no Envoy at ${binary}: run "npm run bench", or set ENVOY_BIN`);
  return binary;
}

async function portsOf(admin: number): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`http://127.0.0.1:${admin}/listeners?format=json`);
  const { listener_statuses: statuses }: Statuses = JSON.parse(await response.text());
  return new Map(statuses.map(({ name, local_address: at }) => [name, at.socket_address.port_value]));
}

interface Statuses {
  listener_statuses: { name: string; local_address: { socket_address: { port_value: number } } }[];
}
