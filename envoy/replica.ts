import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { isLoopback, type ListenAddress, parseListen } from '../proxy/door/listen-address.js';

/** One replica of the service, as Envoy is told of it. */
export interface Replica {
  /** Its name, which the hash of a path picks: where a replica is started anew under its name, its meetups come back to it. */
  readonly name: string;
  /** Where Envoy sends peers: `--listen` of serve. */
  readonly peers: ListenAddress;
  /** Where Envoy asks `/readyz`, by plain HTTP: metrics host and port of serve. */
  readonly health: { readonly host: string; readonly port: number };
  /** Where Envoy sends operators: `--control-listen` of serve, or its `--hop-listen` where that is HOST:PORT. Absent: nowhere. */
  readonly control?: ListenAddress;
}

/** A replica for people and scripts; each address is `unix:PATH` or `IP:PORT`. */
interface ReplicaText {
  readonly name: string;
  readonly peers: string;
  readonly health: string;
  readonly control?: string;
}

/** The form of `--replica`, for help and messages. */
export const REPLICA_FORM = 'NAME=ADDRESS,health=IP:PORT[,control=ADDRESS]';
/** Replicas behind one Envoy: each should have a hundred places or so in the table that the hash of a path is looked up in. */
export const MAX_REPLICAS = 500;

const TLS_FLAGS = '--replica-cert, --replica-key, --replica-ca and --replica-name';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

type Parsed<T> = { readonly ok: T } | { readonly fault: string };

/** Reads `NAME=ADDRESS,health=IP:PORT,control=ADDRESS`, where an ADDRESS is `unix:PATH` or `IP:PORT`. */
export function parseReplica(text: string): Parsed<Replica> {
  const [, name = '', rest = ''] = /^([^=,]*)=(.*)$/s.exec(text) ?? [];
  if (!NAME.test(name)) {
    return { fault: `it has the form ${REPLICA_FORM}, and a name of up to 63 letters, digits and . _ -` };
  }
  const [first = '', ...more] = rest.split(',');
  const peers = addressIn(first);
  if ('fault' in peers) return { fault: `${name}: ${peers.fault}` };
  const named = new Map(
    more.map((part): [string, string] => [part.split('=', 1)[0] ?? '', part.replace(/^[^=]*=?/, '')]),
  );
  const unknown = [...named.keys()].find((key) => key !== 'health' && key !== 'control');
  if (unknown !== undefined) return { fault: `${name}: it has health= and control=, not ${JSON.stringify(unknown)}` };
  const health = addressIn(named.get('health') ?? '');
  if ('fault' in health || health.ok.t !== 'tcp') {
    return { fault: `${name}: health= names where its /readyz is asked, IP:PORT (metrics host and port of serve)` };
  }
  const { host, port } = health.ok;
  const told = named.get('control');
  const control = told === undefined ? undefined : addressIn(told);
  if (control !== undefined && 'fault' in control) return { fault: `${name}: control=: ${control.fault}` };
  return { ok: { name, peers: peers.ok, health: { host, port }, ...(control && { control: control.ok }) } };
}

function addressIn(text: string): Parsed<ListenAddress> {
  const address = parseListen(text);
  if ('fault' in address) return { fault: `${JSON.stringify(text)} is no address: ${address.fault}` };
  if (address.ok.t === 'unix') return parseListen(`unix:${resolve(address.ok.path)}`);
  const { host, port } = address.ok;
  if (isIP(host) !== 0 && port > 0) return address;
  return { fault: `${JSON.stringify(text)} is no address: Envoy looks up no names here, so give unix:PATH or IP:PORT` };
}

/** The replica with its addresses as `parseReplica` reads them. */
export function replicaAsText({ name, peers, health, control }: Replica): ReplicaText {
  const probed = formatAddress({ t: 'tcp', ...health });
  return { name, peers: formatAddress(peers), health: probed, ...(control && { control: formatAddress(control) }) };
}

/** The replica in the form that `parseReplica` reads. */
export function formatReplica(replica: Replica): string {
  const { name, peers, health, control } = replicaAsText(replica);
  return `${name}=${peers},health=${health}${control === undefined ? '' : `,control=${control}`}`;
}

function formatAddress(address: ListenAddress): string {
  if (address.t === 'unix') return `unix:${address.path}`;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}

/** The fault of these replicas together; undefined where there is none. `hasTls`: those at IP:PORT are reached by mutual TLS. */
export function faultOfReplicas(replicas: readonly Replica[], hasTls: boolean): string | undefined {
  if (replicas.length > MAX_REPLICAS)
    return `${replicas.length} replicas are too many for one Envoy: ${MAX_REPLICAS} at most`;
  const names = new Set<string>();
  const places = new Map<string, string>();
  for (const { name, peers, control } of replicas) {
    if (names.has(name)) return `two replicas have the name ${name}`;
    names.add(name);
    for (const address of [peers, control].filter((one) => one !== undefined)) {
      const text = formatAddress(address);
      if (places.has(text)) return `${places.get(text)} and ${name} are both at ${text}`;
      places.set(text, name);
      if (hasTls || address.t === 'unix' || isLoopback(address.host)) continue;
      return `${name}: ${text} is beyond this machine, so it needs mutual TLS: render with ${TLS_FLAGS}`;
    }
  }
  return undefined;
}
