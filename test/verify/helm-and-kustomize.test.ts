import { expect } from 'chai';
import { parse } from 'yaml';
import { options } from '../../proxy/config/options.js';
import { needsHelm, type Resource, rendered, resourcesIn, valuesOf } from '../support/helm.js';
import { ROOT, textOf } from '../support/sources.js';
import { needs, tell } from '../support/tools.js';

type Tree = Record<string, unknown>;

/** What the chart has besides: each is looked at below. */
const OWN = { volume: 'options', variable: 'WS_PROXY_CONFIG', configMap: 'ws-proxy-options' };
/** Labels by which Helm tells releases and versions, and which kustomize puts on some and not on others. */
const LABELS = /^(?:app\.kubernetes\.io\/(?:instance|version|managed-by|part-of)|helm\.sh\/chart)$/;
/** Where the chart has a checksum for what kustomize has a hash in a name. */
const CHECKSUMS = /^ws-proxy\/(?:options|configuration)$/;

// The chart has no copy of the kustomization's files: it is another way to write the same. So the two are held against each other.
describe('the Helm chart and the kustomization', () => {
  needsHelm();
  needs('kubectl');

  for (const [overlay, values] of [
    ['production', valuesOf('production')],
    ['replicas', valuesOf('production', 'fleet')],
  ] as const) {
    it(`${overlay}: say the same`, async () => {
      const built = await tell('kubectl', ['kustomize', `deploy/kubernetes/overlays/${overlay}`], { cwd: ROOT });
      expect(built.code, built.output).to.equal(0);
      const ours = byName(await rendered(values));
      const theirs = byName(resourcesIn(built.output).filter(({ kind }) => kind !== 'Namespace'));
      expect([...ours.keys()].sort()).to.deep.equal([...theirs.keys()].sort());
      for (const [name, tree] of ours) expect(tree, name).to.deep.equal(theirs.get(name));
    });
  }

  it('differ in the file of options alone, which says what that of the image says', async () => {
    const resources = await rendered({});
    const own = resources.find(({ metadata }) => metadata.name === OWN.configMap);
    const image = parse(textOf('deploy/container/ws-proxy.yaml')) as Tree;
    expect(parse(own?.data?.['ws-proxy.yaml'] ?? '')).to.deep.equal({
      ...image,
      'drain-deadline': options.drainDeadline.default,
    });
    const [variable, mount] = [/WS_PROXY_CONFIG.*?"value":"([^"]+)"/, /"name":"options","mountPath":"([^"]+)"/];
    const text = JSON.stringify(resources);
    expect(variable.exec(text)?.[1]).to.equal(`${mount.exec(text)?.[1]}/ws-proxy.yaml`);
  });
});

function byName(resources: readonly Resource[]): Map<string, unknown> {
  return new Map(
    resources
      .filter(({ metadata }) => metadata.name !== OWN.configMap)
      .map((one) => {
        const tree = plain(
          JSON.parse(JSON.stringify(one).replaceAll(/"ws-proxy-nats-[0-9a-z]{10}"/g, '"ws-proxy-nats"')),
        );
        return [`${one.kind} ${(tree as { metadata: { name: string } }).metadata.name}`, tree];
      }),
  );
}

/** The tree without what only one of the two needs. */
function plain(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return list(value, key);
  if (typeof value !== 'object' || value === null) return text(value, key);
  const tree = value as Tree;
  const entries = Object.entries(tree)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([name]) => !LABELS.test(name) && !CHECKSUMS.test(name))
    .map(([name, below]) => [name, plain(below, name)] as const)
    .filter(([name, below]) => name !== 'namespace' && !(name === 'labels' && isEmpty(below)));
  const same = Object.fromEntries(entries);
  if (key === 'metadata') delete (same['labels'] as Tree | undefined)?.['app.kubernetes.io/name'];
  // The kustomization has one namespace to itself, a chart may have to share it.
  if (tree['app.kubernetes.io/component'] === 'metrics') delete same['app.kubernetes.io/name'];
  if (tree['name'] === 'trust' && 'projected' in tree) return { configMap: trustOf(tree), name: 'trust' };
  return isEmpty(same['labels']) ? without(same, 'labels') : same;
}

/** The ConfigMap that both files of a projected volume come from, by the names that they have in it. */
function trustOf({ projected }: Tree): unknown {
  const { sources } = projected as {
    sources: { configMap: { name: string; items: { key: string; path: string }[] } }[];
  };
  const names = new Set(sources.map(({ configMap }) => configMap.name));
  expect(sources.flatMap(({ configMap }) => configMap.items.map(({ key, path }) => [key, path]))).to.deep.equal([
    ['root.cert.pem', 'root.cert.pem'],
    ['root.crl.pem', 'root.crl.pem'],
  ]);
  expect(names.size).to.equal(1);
  return { name: [...names][0] };
}

/** Lists in which the order says nothing are sorted. */
function list(items: readonly unknown[], key: string): unknown[] {
  const kept = items.filter((item) => (item as Tree | null)?.['name'] !== (key === 'env' ? OWN.variable : OWN.volume));
  const same = kept.map((item) => plain(item, key));
  if (key === 'args' && same.length === 1) return same.map((item) => words(String(item)));
  if (!['env', 'volumes', 'volumeMounts', 'ports'].includes(key)) return same;
  return same.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function text(value: unknown, key: string): unknown {
  if (key === 'policy.yaml') return parse(String(value));
  return key.endsWith('.conf') ? String(value).trim() : value;
}

/** The words of a script, without comments and line ends. */
function words(script: string): string[] {
  return script
    .replaceAll(/^\s*#.*$/gm, '')
    .split(/[\s\\]+/)
    .filter((word) => word !== '');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function without(tree: Tree, name: string): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([key]) => key !== name));
}
