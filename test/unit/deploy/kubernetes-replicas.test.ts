import { expect } from 'chai';
import { permissionsText } from '../../../proxy/cluster/nats/permissions.js';
import { textOf } from '../../support/sources.js';
import { documentOf, documentsOf } from '../../support/yaml-files.js';

const folder = 'deploy/kubernetes';

interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: readonly Variable[];
  readonly securityContext?: unknown;
  readonly volumeMounts?: readonly { mountPath: string }[];
}

/** A Deployment or a StatefulSet. */
interface Workload {
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds?: number;
        readonly initContainers?: readonly Container[];
        readonly containers: readonly Container[];
      };
    };
  };
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

interface Certificate {
  readonly spec: { readonly secretName?: string; readonly dnsNames?: readonly string[] };
}

interface NetworkPolicy {
  readonly spec: {
    readonly ingress: readonly {
      readonly from?: readonly { readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> } }[];
      readonly ports: readonly { readonly port: number }[];
    }[];
  };
}

describe('the Kubernetes files of several replicas', () => {
  const pod = documentOf<Workload>(`${folder}/base/deployment.yaml`).spec.template.spec;
  const replicas = documentOf<Workload>(`${folder}/components/replicas/deployment.yaml`);
  const service = documentOf<Workload>(`${folder}/tier/service.yaml`);
  const envoy = documentOf<Workload>(`${folder}/tier/envoy.yaml`);
  const nats = documentOf<Workload>(`${folder}/components/nats/stateful-set.yaml`);
  const conf = textOf(`${folder}/components/nats/nats.conf`);
  const environment = ({ spec: { template } }: Workload, name: string): ReadonlyMap<string, string> => {
    const container = template.spec.containers.find((one) => one.name === name);
    return new Map(
      (container?.env ?? []).map((one) => [one.name, one.value ?? one.valueFrom?.fieldRef.fieldPath ?? '']),
    );
  };

  it('take one name and one address for each pod, and find each other and NATS in the same way in both forms', () => {
    const [plain, tier] = [environment(replicas, 'ws-proxy'), environment(service, 'ws-proxy')];
    for (const [name, value] of plain) expect(tier.get(name), name).to.equal(value);
    expect(plain.get('WS_PROXY_REPLICA')).to.equal('metadata.name');
    expect(plain.get('WS_PROXY_ADVERTISE')).to.equal('$(POD_IP):7443');
    expect(plain.get('POD_IP')).to.equal('status.podIP');
    expect(plain.get('WS_PROXY_NATS_REPLICAS')).to.equal(String(nats.spec.replicas));
  });

  it('know one name for the certificates of the parts, and NATS knows it as its user', () => {
    const certificates = documentsOf<Certificate>(`${folder}/components/replica-certificates/certificates.yaml`);
    const namesIn = (secret: string) => certificates.find(({ spec }) => spec.secretName === secret)?.spec.dnsNames;
    const [name = ''] = namesIn('ws-proxy-hop') ?? [];
    expect(environment(replicas, 'ws-proxy').get('WS_PROXY_HOP_NAME')).to.equal(name);
    expect(environment(service, 'ws-proxy').get('WS_PROXY_TLS_CLIENT_NAME')).to.equal(name);
    expect(envoy.spec.template.spec.initContainers?.[0]?.args?.[0]).to.include(`--replica-name ${name} `);
    expect(conf).to.include('verify_and_map: true').and.to.include(`user: ${name}\n`);
    const dialled = [...conf.matchAll(/tls:\/\/([^:"]+):6222/g)].map(([, host = '']) => host.replace(/^[^.]+/, '*'));
    expect(new Set(dialled)).to.deep.equal(new Set(['*.ws-proxy-nats']));
    expect(namesIn('ws-proxy-nats-tls')).to.deep.equal(['ws-proxy-nats', '*.ws-proxy-nats']);
    expect(environment(replicas, 'ws-proxy').get('WS_PROXY_NATS')).to.equal('tls://ws-proxy-nats:4222');
  });

  it('give the drain the time that it takes, and serve before the next one goes', () => {
    expect(service.spec.template.spec.terminationGracePeriodSeconds ?? 0).to.equal(pod.terminationGracePeriodSeconds);
    expect(textOf(`${folder}/components/replicas/kustomization.yaml`)).to.include('maxUnavailable: 0');
  });

  it('harden every container', () => {
    for (const { spec: workload } of [service, envoy, nats]) {
      const { initContainers = [], containers: main } = workload.template.spec;
      for (const { name, securityContext } of [...initContainers, ...main]) {
        expect(securityContext, name).to.deep.equal(pod.containers[0]?.securityContext);
      }
    }
  });

  it('let nobody but replicas, and the Envoys of a tier, reach a port that believes who a peer is', () => {
    const open = (path: string, port: number): string[] =>
      documentsOf<NetworkPolicy>(`${folder}/${path}/network-policies.yaml`).flatMap(({ spec: { ingress } }) =>
        ingress
          .filter(({ ports }) => ports.some((one) => one.port === port))
          .flatMap(({ from = [{}] }) =>
            from.map((one) => one.podSelector?.matchLabels['app.kubernetes.io/name'] ?? 'anybody'),
          ),
      );
    expect(open('components/replicas', 7443)).to.deep.equal(['ws-proxy']);
    expect(open('base', 7443)).to.deep.equal([]);
    expect(open('tier', 7443)).to.deep.equal(['ws-proxy-envoy', 'ws-proxy']);
    expect(open('tier', 7440)).to.deep.equal(['ws-proxy-envoy']);
    expect(open('components/nats', 4222)).to.deep.equal(['ws-proxy']);
    expect(open('tier', 5050)).to.deep.equal(['anybody']);
  });

  it('have a NATS that lets a replica do what it needs, and nothing else', () => {
    expect(textOf(`${folder}/components/nats/founder.conf`)).to.equal(permissionsText('wsp', 'founder'));
    expect(conf).to.include('permissions: { include ./founder.conf }\n');
    const mounted = nats.spec.template.spec.containers[0]?.volumeMounts?.map(({ mountPath }) => mountPath);
    expect(mounted).to.include('/etc/nats/founder.conf');
  });

  it('have a NATS that knows a client that is cut off soon, and keeps what it knows on a disk', () => {
    expect(conf).to.include('ping_interval: 2s').and.to.include('ping_max: 2').and.to.include('store_dir: /data');
    expect(nats.spec.template.spec.containers[0]?.volumeMounts?.map(({ mountPath }) => mountPath)).to.include('/data');
  });
});
