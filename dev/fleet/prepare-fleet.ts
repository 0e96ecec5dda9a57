import { availableParallelism } from 'node:os';
import { renderEdge } from '../../envoy/render.js';
import { keepLogs } from '../logs.js';
import { planService } from '../service.js';
import type { DevelopmentSettings, FleetForm } from '../settings.js';
import { edgeAt, prepareShared, refuseUsed, usable } from '../shared-files.js';
import { envoyPart } from './envoy-part.js';
import type { FleetPart } from './fleet-part.js';
import type { FleetPorts } from './fleet-ports.js';
import { type NatsPlan, natsPart, prepareNats } from './nats-part.js';
import { type ReplicaPlan, replicaOf, replicaPart } from './replica-part.js';

/** The parts of a fleet, in the order in which they start: each row needs those before it. They stop in the reverse order. */
export interface FleetPlan {
  readonly logDir: string;
  readonly rows: readonly (readonly FleetPart[])[];
}

/** Makes what is missing in the run directory and plans the parts. Throws as `prepareRun` does. */
export function prepareFleet(
  settings: DevelopmentSettings,
  form: FleetForm,
  ports: FleetPorts,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<FleetPlan> {
  return usable(settings.runDir, async () => {
    const { runDir, socketDir } = settings;
    const { files, edge } = await prepareShared(settings, form.replicas, say);
    const nats: NatsPlan = { binary: form.natsBinary, runDir, logDir: files.logDir, port: ports.nats };
    const access = await prepareNats(nats);
    const service = await planService(env);
    const plans = ports.replicas.map((metricsPort, at): ReplicaPlan => {
      return { number: at + 1, socketDir, files, service, metricsPort, nats: access };
    });
    const replicas = plans.map(replicaOf);
    for (const { peers } of replicas) if (peers.t === 'unix') await refuseUsed(runDir, peers.path);
    const envoys: FleetPart[] = [];
    for (const [at, own] of ports.envoys.entries()) {
      const name = `envoy-${at + 1}`;
      const bootstrap = await renderEdge({
        ...edgeAt(settings, files, { ...own, metrics: 0 }, name),
        ...{ maxConnections: edge, fleet: { replicas }, serviceSocket: '', controlSocket: '' },
      });
      const workers = workersOf(form);
      const plan = { name, binary: settings.envoyBinary, bootstrap, logDir: files.logDir, workers };
      envoys.push(envoyPart(plan, own.peers, replicas.length));
    }
    const rows = [[natsPart(nats)], plans.map(replicaPart), envoys];
    keepLogs(files.logDir, logsOf(rows.flat()));
    return { logDir: files.logDir, rows };
  });
}

/** Envoy does about as much for a message as a replica does: as many workers as replicas, shared among the Envoys, where there are cores for them. */
function workersOf({ replicas, envoys }: FleetForm): number {
  return Math.max(1, Math.min(Math.ceil(replicas / envoys), Math.floor(availableParallelism() / envoys)));
}

function logsOf(parts: readonly FleetPart[]): string[] {
  return parts.flatMap(({ name }) => [`${name}.log`, ...(name.startsWith('envoy') ? [`${name}-access.log`] : [])]);
}
