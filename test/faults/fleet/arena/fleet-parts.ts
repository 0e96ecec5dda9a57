import { mkdirSync } from 'node:fs';
import { type EnvoyPlan, envoyPorts, startEnvoyPart } from '../../../../dev/envoy.js';
import { healthyAt } from '../../../../dev/fleet/envoy-part.js';
import { startPart } from '../../../../dev/part.js';
import { accepts, get, waitFor } from '../../../../dev/wait.js';
import type { Replica } from '../../../../envoy/replica.js';
import { V8_FLAGS } from '../../../../proxy/v8-flags.js';
import { envoyBinary } from '../../../support/envoy.js';
import { ArenaPart } from '../../arena/arena-part.js';
import { type FleetFiles, HOP_NAME } from './fleet-files.js';
import type { EdgeName, FleetPlan, ReplicaName } from './fleet-plan.js';

/** Milliseconds from a start to readiness, on a machine that does other work besides. */
const READY_MS = 60_000;

/** What a replica of a fleet is made with. */
export interface ReplicaPlan {
  readonly name: ReplicaName;
  readonly plan: FleetPlan;
  readonly files: FleetFiles;
  readonly env: NodeJS.ProcessEnv;
  /** Port of metrics and probes. */
  readonly metrics: number;
  /** Port on which it takes what others hand on, and the one at which others reach that: the near end of a cable. */
  readonly hop: { readonly port: number; readonly advertised: number };
  /** Port at which it reaches NATS: the near end of a cable. */
  readonly nats: number;
}

/** One `ws-proxy serve` of several, which reach each other by mutual TLS. */
export function replicaPart(replica: ReplicaPlan): ArenaPart {
  const { name, plan, files, env, metrics, hop, nats } = replica;
  const peers = files.peersSocket(name);
  const args = [
    ...['serve', '--replica', name, '--listen', `unix:${peers}`],
    ...['--control-listen', `unix:${files.controlSocket(name)}`, '--metrics-port', String(metrics)],
    ...['--log-format', 'json', '--policy', files.path('policy.yaml'), '--audit-log', files.path(`disk/${name}.log`)],
    ...['--crl', files.path('certs/root.crl.pem'), '--crl-ca', files.path('certs/root.cert.pem')],
    ...['--nats', `nats://127.0.0.1:${nats}`],
    ...['--hop-listen', `127.0.0.1:${hop.port}`, '--advertise', `127.0.0.1:${hop.advertised}`],
    ...['--hop-cert', files.path('hop.cert.pem'), '--hop-key', files.path('hop.key.pem')],
    ...['--hop-ca', files.path('certs/root.cert.pem'), '--hop-name', HOP_NAME],
    ...(plan.flags ?? []),
  ];
  const start = (run: number) => {
    const log = files.path(`log/${name}.${run}.log`);
    const command = { command: process.execPath, args: [...V8_FLAGS, files.bin, ...args] };
    return startPart({ name, ...command, env, stdout: log, stderr: log });
  };
  return new ArenaPart(name, start, async (signal) => {
    await waitFor(`${name} did not get ready`, READY_MS, signal, () => get(`http://127.0.0.1:${metrics}/readyz`));
    await waitFor(`${name} did not open its socket`, READY_MS, signal, async () => (await accepts(peers)) || undefined);
  });
}

/** The replica as an Envoy is told of it, under whatever name. */
export function asEnvoySees(name: ReplicaName, { name: real, files, metrics }: ReplicaPlan): Replica {
  return {
    name,
    peers: { t: 'unix', path: files.peersSocket(real) },
    health: { host: '127.0.0.1', port: metrics },
    control: { t: 'unix', path: files.controlSocket(real) },
  };
}

export interface EnvoyPartPlan {
  readonly name: EdgeName;
  readonly files: FleetFiles;
  readonly admin: number;
  /** How many replicas it has to find ready. */
  readonly healthy: () => number;
}

/** An Envoy on the rendered files below its name. */
export function fleetEnvoyPart({ name, files, admin, healthy }: EnvoyPartPlan): ArenaPart {
  const planOf = (run: number): EnvoyPlan => {
    const logDir = files.path(`log/envoy-${name}.${run}`);
    return { binary: envoyBinary(), bootstrap: files.path(`envoy-${name}/envoy.yaml`), logDir, workers: 1 };
  };
  const start = (run: number) => {
    mkdirSync(planOf(run).logDir, { recursive: true });
    return startEnvoyPart(planOf(run));
  };
  return new ArenaPart(`Envoy ${name}`, start, async (signal, run) => {
    await envoyPorts(planOf(run), signal);
    await waitFor(`Envoy ${name} did not find the replicas ready`, READY_MS, signal, async () => {
      return (await healthyAt(admin)) >= healthy() || undefined;
    });
  });
}
