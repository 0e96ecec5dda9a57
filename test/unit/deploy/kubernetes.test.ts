import { expect } from 'chai';
import { loadConfig } from '../../../proxy/config/load.js';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import { filesBelow, isThere, textOf } from '../../support/sources.js';
import { documentOf, documentsOf } from '../../support/yaml-files.js';

const folder = 'deploy/kubernetes';

interface Container {
  readonly name: string;
  readonly restartPolicy?: string;
  readonly ports?: readonly { name: string; containerPort: number }[];
  readonly args?: readonly string[];
  readonly securityContext?: unknown;
  readonly volumeMounts?: readonly { name: string; mountPath: string }[];
}

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly strategy: { readonly type: string };
    readonly template: {
      readonly spec: {
        readonly enableServiceLinks: boolean;
        readonly terminationGracePeriodSeconds: number;
        readonly initContainers: readonly Container[];
        readonly containers: readonly Container[];
        readonly volumes: readonly { name: string }[];
      };
    };
  };
}

interface Service {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly ports: readonly { name: string; port: number; targetPort: number }[] };
}

interface Monitor {
  readonly spec: {
    readonly endpoints: readonly { port: string; path: string; relabelings: readonly { replacement: string }[] }[];
  };
}

interface Groups {
  readonly groups: readonly unknown[];
}

describe('the Kubernetes files', () => {
  const { spec } = documentOf<Deployment>(`${folder}/base/deployment.yaml`);
  const pod = spec.template.spec;
  const containers = [...pod.initContainers, ...pod.containers];
  const services = documentsOf<Service>(`${folder}/base/services.yaml`);
  const config = loadConfig({
    flags: {},
    environment: {},
    file: { name: 'ws-proxy.yaml', text: textOf('deploy/container/ws-proxy.yaml') },
  });

  for (const path of filesBelow(folder).filter((name) => name.endsWith('.yaml'))) {
    it(`${path} is YAML`, () => {
      expect(documentsOf(path)).not.to.deep.equal([]);
    });
  }

  it('run one replica, and never two for a moment', () => {
    expect(spec.replicas).to.equal(1);
    expect(spec.strategy.type).to.equal('Recreate');
    expect(textOf(`${folder}/README.md`)).to.include('one replica');
  });

  it('keep the variables of a Service out of the options', () => {
    expect(pod.enableServiceLinks).to.equal(false);
  });

  it('start Envoy before the service and stop it after, as a sidecar', () => {
    expect(pod.initContainers.map(({ name, restartPolicy }) => [name, restartPolicy])).to.deep.equal([
      ['edge-files', undefined],
      ['envoy', 'Always'],
    ]);
  });

  it('give the drain the time that it takes', () => {
    expect(pod.terminationGracePeriodSeconds * 1000).to.be.greaterThan(config.drainDeadline + 30_000);
  });

  it('harden every container', () => {
    for (const { name, securityContext } of containers) {
      expect(securityContext, name).to.deep.equal({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('mount volumes that are there', () => {
    const volumes = new Set(pod.volumes.map(({ name }) => name));
    for (const container of containers) {
      for (const mount of container.volumeMounts ?? []) {
        expect(volumes.has(mount.name), `${container.name}: ${mount.name}`).to.equal(true);
      }
    }
  });

  it('have services whose ports containers open', () => {
    const open = containers.flatMap(({ ports = [] }) => ports.map(({ name, containerPort }) => [name, containerPort]));
    const asked = services.flatMap((service) => service.spec.ports.map(({ name, targetPort }) => [name, targetPort]));
    expect(asked).to.have.deep.members(open);
    expect(open).to.deep.include(['metrics', config.metricsPort]);
    expect(open).to.deep.include([
      'envoy-stats',
      Number(/--stats-port (\d+)/.exec(pod.initContainers[0]?.args?.[0] ?? '')?.[1]),
    ]);
  });

  it('have a scraper ask the ports there are, by the job names that the rules ask for', () => {
    const { endpoints } = documentOf<Monitor>(`${folder}/components/monitoring/service-monitor.yaml`).spec;
    const ports = services.find(({ metadata }) => metadata.name === 'ws-proxy-metrics')?.spec.ports ?? [];
    expect(endpoints.map(({ port }) => port)).to.deep.equal(ports.map(({ name }) => name));
    const prometheus = textOf('observability/prometheus.yml');
    for (const { relabelings } of endpoints) {
      expect(prometheus).to.include(`job_name: ${relabelings[0]?.replacement}\n`);
    }
  });

  it('carry the rules of observability/rules (npm run generate)', () => {
    const { spec: carried } = documentOf<{ spec: Groups }>(`${folder}/components/monitoring/prometheus-rule.yaml`);
    const groups = filesBelow('observability/rules')
      .filter((path) => /^observability\/rules\/[^/]+\.yml$/.test(path))
      .flatMap((path) => documentOf<Groups>(path).groups);
    expect(groups).not.to.deep.equal([]);
    expect(carried.groups).to.deep.equal(groups);
  });

  it('have policies that can be used', () => {
    for (const path of filesBelow(folder).filter((name) => name.endsWith('/policy.yaml'))) {
      expect(compilePolicy(textOf(path)), path).to.have.property('ok');
    }
  });

  it('build on folders that are there', () => {
    for (const path of filesBelow(folder).filter((name) => name.endsWith('kustomization.yaml'))) {
      const { resources = [], components = [] } = documentOf<Record<'resources' | 'components', string[]>>(path);
      const here = path.slice(0, path.lastIndexOf('/'));
      for (const name of [...resources, ...components])
        expect(isThere(`${here}/${name}`), `${path}: ${name}`).to.equal(true);
    }
  });
});
