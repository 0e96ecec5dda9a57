import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { loadConfig } from '../../proxy/config/load.js';
import { readDenyList } from '../../proxy/policy/lists/deny-list.js';
import { compilePolicy } from '../../proxy/policy/rules/compile.js';
import { drainFaults } from '../support/drain-order.js';
import { envoyBinary } from '../support/envoy.js';
import {
  CHART,
  find,
  laidOver,
  lint,
  needsHelm,
  type Resource,
  rendered,
  type Values,
  valuesOf,
} from '../support/helm.js';
import { needsOperatorSchemas, operatorFaults } from '../support/operator-schemas.js';
import { Pki } from '../support/pki.js';
import { Scratch } from '../support/scratch.js';
import { ROOT, textOf } from '../support/sources.js';
import { needs, tell } from '../support/tools.js';

interface Variable {
  readonly name: string;
  readonly value?: string;
}

interface Pod {
  readonly initContainers: readonly { readonly args: readonly string[] }[];
  readonly containers: readonly { readonly env: readonly Variable[] }[];
}

/** The sets of values that are tried, by what each is for. */
const sets: Readonly<Record<string, () => Values>> = {
  default: () => valuesOf('default'),
  production: () => valuesOf('production'),
  fleet: () => valuesOf('production', 'fleet'),
  everything: () => valuesOf('everything'),
  'without a revocation list': () => ({
    policy: { denyList: { version: 1, deny: [{ uri: 'spiffe://acme.example/gw-1', note: 'lost' }] } },
    trust: { revocation: { enabled: false } },
  }),
};
/** Where a pod has its policy. */
const POLICIES = '/etc/ws-proxy/policy';
const own = ['Certificate', 'Issuer', 'PrometheusRule', 'ServiceMonitor', 'TLSRoute'];

function deployment(resources: readonly Resource[]): Resource {
  const found = resources.find(({ kind }) => kind === 'Deployment');
  if (found === undefined) throw new Error('there is no Deployment');
  return found;
}

function podOf(resources: readonly Resource[]): Pod {
  return (deployment(resources).spec as { template: { spec: Pod } }).template.spec;
}

/** The configuration that the service would run with. Throws what it would say of it. */
function configOf(resources: readonly Resource[]) {
  const env = podOf(resources).containers[0]?.env ?? [];
  const environment = Object.fromEntries(env.map(({ name, value }) => [name, value ?? 'from-the-pod']));
  const name = deployment(resources).metadata.name;
  const text = find(resources, 'ConfigMap', `${name}-options`).data?.['ws-proxy.yaml'] ?? '';
  return loadConfig({ flags: {}, environment, file: { name: 'ws-proxy.yaml', text } });
}

describe('the Helm chart', () => {
  needsHelm();
  needsOperatorSchemas();
  const scratch = new Scratch();
  after(() => scratch.remove());

  it('has nothing that helm lint finds fault with', async () => {
    const { messages, errors } = await lint();
    expect(errors).to.deep.equal([]);
    // A picture of it is all that it misses.
    expect(messages.map(({ error }) => error)).to.deep.equal(['icon is recommended']);
  });

  for (const [name, values] of Object.entries(sets)) {
    describe(`with the values of ${name}`, () => {
      needs('kubernetes-validate');
      let resources: Resource[];
      before(async () => {
        resources = await rendered(values());
      });

      it('makes resources of the schemas of Kubernetes and of the operators', async () => {
        const known = resources.filter(({ kind }) => !own.includes(kind));
        expect(known.length).to.be.greaterThan(7);
        const file = scratch.write('rendered.yaml', known.map((one) => JSON.stringify(one)).join('\n---\n'));
        const validated = await tell('kubernetes-validate', ['--strict', file]);
        expect(validated.code, validated.output).to.equal(0);
        expect(operatorFaults(resources.filter(({ kind }) => own.includes(kind)))).to.deep.equal([]);
      });

      it('gives the service options that it takes, and a policy that can be used', () => {
        expect(() => configOf(resources)).not.to.throw();
        const policies = resources.flatMap(({ data }) =>
          data?.['policy.yaml'] === undefined ? [] : [data['policy.yaml']],
        );
        for (const text of policies) expect(compilePolicy(text)).to.have.property('ok');
        const lists = resources.flatMap(({ data }) => data?.['deny-list.yaml'] ?? []);
        for (const text of lists) expect(readDenyList('deny-list.yaml', Buffer.from(text))).to.have.property('ok');
        expect(configOf(resources).denyList).to.equal(lists.length > 0 ? `${POLICIES}/deny-list.yaml` : undefined);
      });

      it('lets a pod go in the right order, and gives it the time', () => {
        expect(drainFaults(resources, configOf(resources))).to.deep.equal([]);
      });

      it('gives Envoy a configuration that it takes', async () => {
        expect(await edgeOf(podOf(resources), scratch)).to.match(/configuration .* OK/);
      });
    });
  }

  it('is of those schemas to the letter: one field too many is found', async () => {
    const certificate = find(await rendered(valuesOf('production')), 'Certificate', 'ws-proxy-server');
    const spoilt = structuredClone(certificate) as unknown as { spec: Record<string, unknown> };
    spoilt.spec['dnsName'] = 'ws-proxy.example.com';
    delete spoilt.spec['issuerRef'];
    expect(operatorFaults([spoilt as unknown as Resource]).join('; '))
      .to.match(/must NOT have additional properties .*dnsName/)
      .and.to.match(/must have required property 'issuerRef'/);
  });

  it('takes up the numbers and lists of the options as they were written', async () => {
    const config = configOf(await rendered(valuesOf('everything')));
    const { maxConnections, maxMessageBytes, origins, page, drainDeadline, pathPrefix } = config;
    expect([maxConnections, maxMessageBytes, page, drainDeadline, pathPrefix]).to.deep.equal([
      1_000_000,
      1024 * 1024,
      true,
      60_000,
      '/',
    ]);
    expect(origins).to.deep.equal(['same', 'https://app.example.com']);
  });

  it('takes the values that its document shows, each over the first', async () => {
    const blocks = [...textOf(`${CHART}/README.md`).matchAll(/^```yaml\n(.*?)^```$/gms)].map(
      ([, text = '']) => parse(text) as Values,
    );
    expect(blocks.length).to.be.greaterThan(5);
    const [first = {}, ...others] = blocks;
    for (const block of [{}, ...others]) {
      const resources = await rendered(laidOver(first, block));
      expect(drainFaults(resources, configOf(resources))).to.deep.equal([]);
    }
  });

  it('is the same as the archive that a release has of it', async () => {
    const script = (name: string) => import(pathToFileURL(join(ROOT, 'scripts', name)).href);
    const [{ archive }, { chartFiles, sourcesOf }, { trackedFiles }] = await Promise.all(
      ['archive.mjs', 'release-archives.mjs', 'commit.mjs'].map(script),
    );
    const packed = scratch.write('ws-proxy.tgz', archive(chartFiles(sourcesOf(trackedFiles())), 1));
    const values = valuesOf('everything');
    expect(await rendered(values, 'ws-proxy', packed)).to.deep.equal(await rendered(values));
  });

  it('names what a second release has after it, and keeps the two apart', async () => {
    const [one, two] = [await rendered(valuesOf('fleet')), await rendered(valuesOf('fleet'), 'west')];
    const names = new Set(one.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    expect(two.filter(({ kind, metadata }) => names.has(`${kind} ${metadata.name}`))).to.deep.equal([]);
    const conf = find(two, 'ConfigMap', 'west-ws-proxy-nats').data?.['nats.conf'] ?? '';
    expect(conf)
      .to.include('tls://west-ws-proxy-nats-0.west-ws-proxy-nats:6222')
      .and.to.include('user: west-ws-proxy-hop\n');
    const { matchLabels } = (deployment(two).spec as { selector: { matchLabels: object } }).selector;
    expect(matchLabels).to.include({ 'app.kubernetes.io/instance': 'west' });
  });

  it('has names that are short enough, however long that of the release is', async () => {
    const long = laidOver(valuesOf('everything'), { fullnameOverride: '', nameOverride: 'rendezvous' });
    const resources = await rendered(long, 'r'.repeat(53));
    const tooLong = resources.filter(({ kind, metadata }) => metadata.name.length > (kind === 'CronJob' ? 52 : 63));
    expect(tooLong.filter(({ kind }) => kind !== 'ConfigMap').map(({ metadata }) => metadata.name)).to.deep.equal([]);
  });
});

/** Runs the script of the init container on files of a test, and has Envoy look at what it wrote. */
async function edgeOf(pod: Pod, scratch: Scratch): Promise<string> {
  const folder = new Scratch();
  try {
    const pki = await Pki.make(folder.directory);
    const files = [
      ['tls', 'tls.crt', 'server.cert.pem'],
      ['tls', 'tls.key', 'server.key.pem'],
      ['trust', 'root.cert.pem', 'root.cert.pem'],
      ['trust', 'root.crl.pem', 'root.crl.pem'],
    ] as const;
    for (const [part, name, source] of files) {
      mkdirSync(folder.path(`etc/${part}`), { recursive: true });
      copyFileSync(join(pki.certs, source), folder.path(`etc/${part}/${name}`));
    }
    const script = (pod.initContainers[0]?.args[0] ?? '')
      .replaceAll('/etc/ws-proxy', folder.path('etc'))
      .replaceAll('/run/ws-proxy', folder.path('run'))
      .replace(/\bws-proxy envoy/, `'${process.execPath}' '${join(ROOT, 'bin/ws-proxy.js')}' envoy`);
    const made = await tell('/bin/sh', ['-ec', script]);
    expect(made.code, made.output).to.equal(0);
    const bootstrap = folder.path('run/envoy/envoy.yaml');
    expect(readFileSync(folder.path('run/envoy/sds/client-ca.yaml'), 'utf8').includes('crl')).to.equal(
      script.includes('crl'),
    );
    return (await tell(envoyBinary(), ['--mode', 'validate', '--config-path', bootstrap], { cwd: scratch.directory }))
      .output;
  } finally {
    folder.remove();
  }
}
