import { join } from 'node:path';
import { ENVOY_STOP_MS, type EnvoyPlan, envoyPorts, startEnvoyPart } from '../envoy.js';
import { get, waitFor } from '../wait.js';
import { type FleetPart, READY_MS } from './fleet-part.js';

/** One Envoy before all replicas. At the first start it is ready when it knows that so many of them are. */
export function envoyPart(plan: EnvoyPlan & { readonly name: string }, port: number, replicas: number): FleetPart {
  return {
    name: plan.name,
    port,
    stopMs: ENVOY_STOP_MS,
    log: join(plan.logDir, `${plan.name}.log`),
    isTold: (line) => /^\[[^\]]*\]\[\d+\]\[(?:warning|error|critical)\]/.test(line),
    start: (isAnew) => startEnvoyPart(plan, isAnew),
    async ready(signal, isAnew) {
      const { admin } = await envoyPorts(plan, signal);
      if (isAnew) return;
      await waitFor(`${plan.name} did not find the replicas ready`, READY_MS, signal, async () => {
        return (await healthyAt(admin)) >= replicas || undefined;
      });
    },
  };
}

/** Replicas that the Envoy with this admin port takes for ready. */
export async function healthyAt(admin: number): Promise<number> {
  const name = 'cluster.rendezvous.membership_healthy';
  const text = await get(`http://127.0.0.1:${admin}/stats?filter=^${name}$`);
  return Number(/: (\d+)/.exec(text ?? '')?.[1] ?? 0);
}
