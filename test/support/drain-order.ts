import type { Config } from '../../proxy/config/options.js';
import { stopTime } from '../../proxy/stop-time.js';
import type { Resource } from './helm.js';

interface Container {
  readonly name: string;
  readonly restartPolicy?: string;
  readonly readinessProbe?: { readonly httpGet: { readonly path: string } };
  readonly livenessProbe?: { readonly httpGet: { readonly path: string } };
  readonly lifecycle?: { readonly preStop?: { readonly exec: { readonly command: readonly string[] } } };
}

interface Workload {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  readonly strategy?: { readonly type: string; readonly rollingUpdate?: { readonly maxUnavailable: number } };
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: {
    readonly spec: {
      readonly terminationGracePeriodSeconds: number;
      readonly initContainers?: readonly Container[];
      readonly containers: readonly Container[];
    };
  };
}

interface Service {
  readonly publishNotReadyAddresses?: boolean;
  readonly ports: readonly { readonly name: string }[];
}

/**
 * What is wrong with the order in which a pod of the service goes, when its node is drained or its version changes. The order: no newcomers, the balancers
 * know of it, the peers are sent away, the service ends, Envoy ends; and one pod after the other.
 */
export function drainFaults(resources: readonly Resource[], config: Config): string[] {
  const pods = resources.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  const workload = pods.map(({ spec }) => spec as Workload).find((one) => serviceOf(one) !== undefined);
  if (workload === undefined) return ['no pod runs the service'];
  return [...podFaults(workload, config), ...servicesFaults(resources), ...turnFaults(workload, resources)];
}

function serviceOf({ template }: Workload): Container | undefined {
  return template.spec.containers.find(({ name }) => name === 'ws-proxy');
}

function podFaults(workload: Workload, config: Config): string[] {
  const pod = workload.template.spec;
  const service = serviceOf(workload);
  const envoy = pod.initContainers?.find(({ name }) => name === 'envoy');
  const wait = Number(service?.lifecycle?.preStop?.exec.command.at(-1) ?? 0);
  const needed = wait + stopTime(config) / 1000;
  return [
    // Envoy in a pod of its own outlives the service anyway.
    ...(envoy !== undefined && envoy.restartPolicy !== 'Always'
      ? ['Envoy is no sidecar: it ends with the service']
      : []),
    ...(envoy !== undefined && !(wait >= 5) ? ['SIGTERM comes before the balancers know'] : []),
    ...(envoy?.lifecycle !== undefined ? ['Envoy goes by itself'] : []),
    ...(service?.readinessProbe?.httpGet.path === '/readyz' ? [] : ['a pod that drains counts as ready']),
    ...(service?.livenessProbe?.httpGet.path === '/livez' ? [] : ['a pod that drains counts as dead']),
    ...(pod.terminationGracePeriodSeconds > needed
      ? []
      : [`a drain may take ${needed} s, and is cut off after ${pod.terminationGracePeriodSeconds} s`]),
  ];
}

/** Newcomers must not come to a pod that goes. Those who watch it must. */
function servicesFaults(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind }) => kind === 'Service')
    .flatMap(({ metadata, spec }) => {
      const { ports, publishNotReadyAddresses = false } = spec as Service;
      const isPublic = /-(?:peers|control)$/.test(metadata.name);
      const isWatched = ports.some(({ name }) => name === 'metrics');
      if (isPublic && publishNotReadyAddresses) return [`${metadata.name} leads to pods that go`];
      return isWatched && !publishNotReadyAddresses ? [`${metadata.name} loses pods that go`] : [];
    });
}

/** Several go one after the other; of one alone no budget may hold up its node. */
function turnFaults(workload: Workload, resources: readonly Resource[]): string[] {
  const budget = resources.find(
    ({ kind, metadata }) => kind === 'PodDisruptionBudget' && !/-(?:nats|envoy)$/.test(metadata.name),
  );
  const { strategy } = workload;
  if (strategy?.type === 'Recreate') {
    return [
      ...(workload.replicas === 1 ? [] : ['all go at once']),
      ...(budget === undefined ? [] : ['no node can be drained']),
    ];
  }
  return [
    ...((budget?.spec as { maxUnavailable?: unknown } | undefined)?.maxUnavailable === undefined ? ['no budget'] : []),
    ...((workload.minReadySeconds ?? 0) > 0 ? [] : ['the next one goes before this one serves']),
    ...(strategy === undefined || strategy.rollingUpdate?.maxUnavailable === 0
      ? []
      : ['one goes before another has come']),
  ];
}
