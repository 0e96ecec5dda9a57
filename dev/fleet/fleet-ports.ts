import { portHosts, settleAll, type WantedPort } from '../ports.js';
import { type FleetForm, NATS_PORT, type PortName, type Ports, portVariables } from '../settings.js';

/** The ports of a run with several replicas. */
export interface FleetPorts {
  readonly nats: number;
  /** Metrics and probes, by replica. */
  readonly replicas: readonly number[];
  /** By Envoy. */
  readonly envoys: readonly Pick<Ports, 'peers' | 'control' | 'admin'>[];
}

/** The distance between a port of one Envoy and that of the next one. That of metrics from one replica to the next is 1. */
const NEXT_ENVOY = 10;

/** Finds out, before anything starts, that every port can be had; a 0 becomes free ones. Throws a SettingsError. */
export async function settleFleetPorts(base: Ports, { replicas, envoys, natsPort }: FleetForm): Promise<FleetPorts> {
  const nats = { name: 'NATS', host: '127.0.0.1', port: natsPort, variable: NATS_PORT };
  const metrics = count(replicas).map((at) => wanted(base, 'metrics', at, `metrics of replica-${at + 1}`));
  const edges = count(envoys).flatMap((at) =>
    (['peers', 'control', 'admin'] as const).map((name) =>
      wanted(base, name, at * NEXT_ENVOY, `${name} of envoy-${at + 1}`),
    ),
  );
  const [first = 0, ...rest] = await settleAll([nats, ...metrics, ...edges]);
  const port = (at: number): number => rest[at] ?? 0;
  return {
    nats: first,
    replicas: count(replicas).map(port),
    envoys: count(envoys).map((at) => {
      const begin = replicas + at * 3;
      return { peers: port(begin), control: port(begin + 1), admin: port(begin + 2) };
    }),
  };
}

function wanted(base: Ports, name: PortName, above: number, what: string): WantedPort {
  const variable = portVariables[name];
  const port = base[name] === 0 ? 0 : base[name] + above;
  return { name: above === 0 ? what : `${what}, ${above} above ${variable}`, host: portHosts[name], port, variable };
}

function count(many: number): number[] {
  return Array.from({ length: many }, (_, at) => at);
}
