import { join } from 'node:path';
import type { Replica } from '../../envoy/replica.js';
import { type ServicePlace, type ServicePlan, startService } from '../service.js';
import type { SharedFiles } from '../shared-files.js';
import { accepts, get, waitFor } from '../wait.js';
import { type FleetPart, READY_MS } from './fleet-part.js';
import type { NatsAccess } from './nats-part.js';

/** What a terminal should show of the service's log: what is wrong with it, and not whom it refused. */
const TOLD = /^\{"level":"(?:warn|error|fatal)"(?!.*"message":"refused"\}$)/;

/** The plan for one replica on this machine. */
export interface ReplicaPlan {
  /** From 1. */
  readonly number: number;
  readonly socketDir: string;
  readonly files: SharedFiles;
  readonly service: ServicePlan;
  readonly metricsPort: number;
  readonly nats: NatsAccess;
}

/** The replica as Envoy is told of it. */
export function replicaOf(plan: ReplicaPlan): Replica {
  const { serviceSocket, controlSocket, name, metricsPort } = placeOf(plan);
  return {
    name,
    peers: { t: 'unix', path: serviceSocket },
    health: { host: '127.0.0.1', port: metricsPort },
    control: { t: 'unix', path: controlSocket },
  };
}

export function replicaPart(plan: ReplicaPlan): FleetPart {
  const place = placeOf(plan);
  const { name, log, metricsPort, serviceSocket } = place;
  return {
    name,
    port: metricsPort,
    stopMs: plan.service.stopMs,
    log,
    isTold: (line) => TOLD.test(line),
    start: (isAnew) => startService(place, plan.files, plan.service, isAnew),
    async ready(signal) {
      const readyz = `http://127.0.0.1:${metricsPort}/readyz`;
      await waitFor(`${name} did not get ready`, READY_MS, signal, () => get(readyz));
      await waitFor(`${name} did not open its socket`, READY_MS, signal, async () => {
        return (await accepts(serviceSocket)) || undefined;
      });
    },
  };
}

/** Names of sockets are short: a unix socket's path may have 107 bytes. */
function placeOf({ number, socketDir, files, metricsPort, nats }: ReplicaPlan): ServicePlace {
  const name = `replica-${number}`;
  return {
    name,
    serviceSocket: join(socketDir, `proxy-${number}.sock`),
    controlSocket: join(socketDir, `control-${number}.sock`),
    metricsPort,
    log: join(files.logDir, `${name}.log`),
    auditLog: join(files.logDir, `${name}-audit.log`),
    flags: [
      ...['--replica', name],
      ...['--nats', nats.url, '--nats-user-file', nats.userFile],
      ...['--hop-listen', `unix:${join(socketDir, `hop-${number}.sock`)}`],
    ],
  };
}
