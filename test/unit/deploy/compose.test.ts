import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { DEFAULT_MAX_CONNECTIONS, edgeConnectionsFor, openFilesFor } from '../../../envoy/settings.js';
import { loadConfig } from '../../../proxy/config/load.js';
import { RESERVED_FILES } from '../../../proxy/door/open-files.js';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import { isThere, ROOT, textOf } from '../../support/sources.js';
import { documentOf } from '../../support/yaml-files.js';

interface ComposeService {
  readonly image?: string;
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly deploy?: { readonly replicas: number };
  readonly ulimits?: { readonly nofile: { readonly soft: number; readonly hard: number } };
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { internal?: boolean }>>;
}

interface Scrapes {
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly static_configs?: readonly { readonly targets: readonly string[] }[];
    readonly dns_sd_configs?: readonly { readonly names: readonly string[]; readonly port: number }[];
  }[];
}

describe('docker-compose.yml', () => {
  const { services, volumes, networks } = documentOf<Compose>('docker-compose.yml');
  const entries = Object.entries(services);
  const serviceOf = (name: string): ComposeService => {
    const service = services[name];
    if (service === undefined) throw new Error(`there is no service ${name}`);
    return service;
  };
  const config = loadConfig({
    flags: {},
    environment: {},
    file: { name: 'ws-proxy.yaml', text: textOf('deploy/container/ws-proxy.yaml') },
  });
  const script = textOf('deploy/compose/init.sh');

  it('allows as many open files as the limits need', () => {
    const hard = (name: string): number => serviceOf(name).ulimits?.nofile.hard ?? 0;
    expect(script).not.to.include('--max-connections');
    expect(hard('envoy')).to.be.at.least(openFilesFor(DEFAULT_MAX_CONNECTIONS));
    expect(hard('ws-proxy')).to.be.at.least(config.maxConnections + RESERVED_FILES);
    expect(DEFAULT_MAX_CONNECTIONS).to.be.at.least(edgeConnectionsFor(config.maxConnections));
  });

  it('runs the core alone unless asked', () => {
    const core = entries.filter(([, service]) => service.profiles === undefined).map(([name]) => name);
    expect(core).to.deep.equal(['init', 'ws-proxy', 'envoy']);
  });

  it('mounts files and volumes that are there', () => {
    for (const [name, service] of entries) {
      for (const mount of service.volumes ?? []) {
        // A variable may name another place than its default.
        const [source = '', target = ''] = mount.replace(/^\$\{\w+:-([^}]+)\}/, '$1').split(':');
        expect(target, mount).to.match(/^\//);
        if (source.startsWith('./')) expect(isThere(source), `${name}: ${mount}`).to.equal(true);
        else expect(volumes, `${name}: ${mount}`).to.have.property(source);
      }
    }
  });

  it('pins every image by a version', () => {
    for (const [name, service] of entries) expect(service.image, name).to.match(/:(?:v?\d+\.\d+\.\d+|local)$/);
  });

  it('gives nobody a right that is not needed', () => {
    for (const [name, service] of entries) {
      expect(service.read_only, name).to.equal(true);
      expect(service.cap_drop, name).to.deep.equal(['ALL']);
      expect(service.security_opt, name).to.deep.equal(['no-new-privileges:true']);
    }
  });

  it('keeps secrets out of the environment', () => {
    const names = entries.flatMap(([, service]) => Object.keys(service.environment ?? {}));
    expect(names.filter((name) => /PASSWORD|SECRET|TOKEN|KEY/.test(name))).to.deep.equal([]);
  });

  it('opens no port but those of peers and operators to others', () => {
    for (const [name, service] of entries) {
      if (name === 'envoy') continue;
      for (const port of service.ports ?? []) expect(port, name).to.match(/^127\.0\.0\.1:/);
    }
  });

  it("publishes the ports that Envoy's configuration has by default", () => {
    const inside = (serviceOf('envoy').ports ?? []).map((port) => port.split(':').at(-1));
    expect(inside).to.deep.equal(['5050', '5051']);
    expect(script).not.to.match(/--(?:peers|control)-port/);
  });

  it('stops the service before Envoy, through which it says goodbye', () => {
    expect(serviceOf('ws-proxy').depends_on).to.have.property('envoy');
    expect(serviceOf('envoy').depends_on).not.to.have.property('ws-proxy');
  });

  it('keeps the service off the network of the peers', () => {
    expect(serviceOf('ws-proxy').networks).to.deep.equal(['telemetry']);
    expect(networks['telemetry']?.internal).to.equal(true);
  });

  it('has Envoy use the files and sockets of the service', () => {
    expect(config.listen).to.equal('unix:/run/ws-proxy/proxy.sock');
    expect(config.controlListen).to.equal('unix:/run/ws-proxy/control.sock');
    expect(script).to.include(`--client-crl ${config.crlStage}`);
    expect(script).to.include('--dir /run/ws-proxy/envoy');
    expect(textOf('docker-compose.yml')).to.include('/run/ws-proxy/envoy/envoy.yaml');
    expect(serviceOf('envoy').user).to.equal('10001:10001');
    expect(textOf('deploy/Dockerfile')).to.include('USER 10001:10001');
  });

  it('scrapes and sends to names and ports that are there', () => {
    const { scrape_configs: jobs } = documentOf<Scrapes>('observability/prometheus.yml');
    const targets = jobs.flatMap(({ static_configs: fixed = [], dns_sd_configs: named = [] }) => [
      ...fixed.flatMap((one) => one.targets),
      ...named.flatMap(({ names, port }) => names.map((name) => `${name}:${port}`)),
    ]);
    for (const target of targets) expect(services, target).to.have.property(target.split(':')[0] ?? '');
    expect(targets).to.include(`ws-proxy:${config.metricsPort}`);
    const stats = /--stats-port (\d+)/.exec(script)?.[1];
    expect(targets).to.include(`envoy:${stats}`);
    expect(textOf('docker-compose.yml')).to.include(`/dev/tcp/127.0.0.1/${stats}`);
    expect(serviceOf('ws-proxy').environment?.['OTEL_EXPORTER_OTLP_ENDPOINT']).to.include('//otel-collector:4318');
    expect(textOf('observability/collector.yaml')).to.include('0.0.0.0:4318');
  });

  it('has a policy and a script that can be used', () => {
    expect(compilePolicy(textOf('deploy/compose/policy.yaml'))).to.have.property('ok');
    expect(statSync(join(ROOT, 'deploy/compose/init.sh')).mode & 0o111).not.to.equal(0);
  });
});

describe('docker-compose.fleet.yml', () => {
  const { services, volumes, networks } = documentOf<Compose>('docker-compose.fleet.yml');
  const alone = documentOf<Compose>('docker-compose.yml');
  const script = textOf('deploy/compose/replica.sh');
  const serviceOf = (name: string): ComposeService => {
    const service = services[name];
    if (service === undefined) throw new Error(`there is no service ${name}`);
    return service;
  };

  it('adds a NATS to what is there, and changes the rest by little', () => {
    const added = Object.keys(services).filter((name) => alone.services[name] === undefined);
    expect(added).to.deep.equal(['nats']);
    expect(serviceOf('nats').image).to.match(/^docker\.io\/library\/nats:\d+\.\d+\.\d+$/);
  });

  it('has the NATS that the tests run, and so has Kubernetes', () => {
    const version = serviceOf('nats').image?.split(':').at(-1);
    expect(textOf('deploy/nats/requirements.txt')).to.include(`==${version} `);
    for (const overlay of ['replicas', 'tier']) {
      expect(textOf(`deploy/kubernetes/overlays/${overlay}/kustomization.yaml`)).to.include(
        `newTag: ${version}-alpine`,
      );
    }
  });

  it('mounts files and volumes that are there', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const mount of service.volumes ?? []) {
        const [source = ''] = mount.split(':');
        if (source.startsWith('./')) expect(isThere(source), `${name}: ${mount}`).to.equal(true);
        else expect(volumes, `${name}: ${mount}`).to.have.property(source);
      }
    }
    expect(statSync(join(ROOT, 'deploy/compose/replica.sh')).mode & 0o111).not.to.equal(0);
    // An image without the folder would leave the volume to root, and NATS is not root.
    expect(textOf('deploy/Dockerfile')).to.match(/chown -R 10001:10001 .*\/var\/lib\/nats/);
    expect(serviceOf('nats').user).to.equal('10001:10001');
  });

  it('gives NATS no right, no port, and no network but that of replicas and Envoy', () => {
    const { read_only, cap_drop, security_opt, ports } = serviceOf('nats');
    expect({ read_only, cap_drop, security_opt, ports }).to.deep.equal({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      ports: undefined,
    });
    const members = Object.entries({ ...alone.services, ...services }).filter(([name, service]) =>
      [...(service.networks ?? []), ...(alone.services[name]?.networks ?? [])].includes('fleet'),
    );
    expect(members.map(([name]) => name).sort()).to.deep.equal(['envoy', 'nats', 'ws-proxy']);
    expect(networks['fleet']?.internal).to.equal(true);
  });

  it('starts replicas by the script, which knows the NATS and where Envoy finds its list', () => {
    expect(serviceOf('ws-proxy').entrypoint).to.deep.equal(['/bin/sh', '/replica.sh']);
    expect(serviceOf('ws-proxy').environment?.['WS_PROXY_NATS']).to.equal('nats://nats:4222');
    expect(textOf('deploy/compose/nats.conf')).to.include('listen: 0.0.0.0:4222').and.to.include('store_dir: /data');
    expect(serviceOf('init').environment?.['EDGE_FLAGS']).to.include('--fleet ');
    const init = textOf('deploy/compose/init.sh');
    expect(init).to.include('{EDGE_FLAGS:-}').and.to.include('--dir /run/ws-proxy/envoy');
    expect(script).to.include('RUN:-/run/ws-proxy').and.to.include('envoy=$run/envoy');
  });

  it('has room in Envoy for all that its replicas serve, and in its limits for Envoy', () => {
    const { environment } = serviceOf('init');
    const connections = Number(/--max-connections \$\{\w+:-(\d+)\}/.exec(environment?.['EDGE_FLAGS'] ?? '')?.[1]);
    const replicas = serviceOf('ws-proxy').deploy?.replicas ?? 0;
    expect(connections).to.be.at.least(replicas * DEFAULT_MAX_CONNECTIONS);
    expect(serviceOf('envoy').ulimits?.nofile.hard ?? 0).to.be.at.least(openFilesFor(connections));
  });

  it('leaves no variable in a replica that serve does not know', () => {
    const names = Object.keys(serviceOf('ws-proxy').environment ?? {}).filter((name) => name !== 'WS_PROXY_NATS');
    expect(names).to.deep.equal(['SLOTS']);
  });
});
