import { Ajv } from 'ajv';
import { expect } from 'chai';
import { operatorRules } from '../../../admin/rules-text.js';
import { permissionsText } from '../../../proxy/cluster/nats/permissions.js';
import { options } from '../../../proxy/config/options.js';
import { CHART, chart, laidOver, type Values, valuesOf } from '../../support/helm.js';
import { filesBelow, textOf } from '../../support/sources.js';
import { documentOf } from '../../support/yaml-files.js';

interface Overlay {
  readonly images: readonly { readonly name: string; readonly newName: string; readonly newTag: string }[];
}

interface Image {
  readonly repository: string;
  readonly tag: string;
}

// What Helm makes of it is for `npm run verify`, which has Helm.
describe('the files of the Helm chart', () => {
  const values = chart.values();
  const check = new Ajv({ allErrors: true, strict: false }).compile(chart.schema());
  const faults = (more: Values): unknown => (check(laidOver(values, more)) ? [] : check.errors);

  it('have the version of the package', () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    const own = documentOf<Values>(`${CHART}/Chart.yaml`);
    expect([own['version'], own['appVersion']]).to.deep.equal([version, version]);
  });

  it('have values that are of their schema, and so are those that are tried', () => {
    expect(faults({})).to.deep.equal([]);
    for (const names of [['default'], ['production'], ['production', 'fleet'], ['everything']]) {
      expect(faults(valuesOf(...names)), names.join()).to.deep.equal([]);
    }
  });

  it('name the images of the overlays', () => {
    const { images } = documentOf<Overlay>('deploy/kubernetes/overlays/replicas/kustomization.yaml');
    const { envoy, fleet } = values as unknown as { envoy: { image: Image }; fleet: { nats: { image: Image } } };
    for (const [name, image] of [['envoyproxy/envoy', envoy.image] as const, ['nats', fleet.nats.image] as const]) {
      const { newName, newTag } = images.find((one) => one.name === name) ?? {};
      expect([image.repository, image.tag], name).to.deep.equal([newName, newTag]);
    }
  });

  it('state the defaults of the service', () => {
    const { drain, pathPrefix } = values as unknown as { drain: { deadlineSeconds: number }; pathPrefix: string };
    expect(`${drain.deadlineSeconds}s`).to.equal(options.drainDeadline.default);
    expect(pathPrefix).to.equal(options.pathPrefix.default);
  });

  it('carry what is made from other folders (npm run generate)', () => {
    const dashboards = filesBelow('observability/dashboards');
    const expected = new Map([
      ['ws-proxy.yaml', textOf('deploy/container/ws-proxy.yaml')],
      ['nats.conf', textOf('deploy/kubernetes/components/nats/nats.conf')],
      ['founder.conf', permissionsText('wsp', 'founder')],
      ...dashboards.map((path) => [path.replace('observability/', ''), textOf(path)] as const),
    ]);
    const carried = filesBelow(`${CHART}/files`).map((path) => path.slice(`${CHART}/files/`.length));
    expect(carried).to.have.members([...expected.keys(), 'rules.yaml']);
    for (const [name, text] of expected) expect(textOf(`${CHART}/files/${name}`), name).to.equal(text);
    const rules = textOf(`${CHART}/files/rules.yaml`).replaceAll(/^(?=.)/gm, '  ');
    expect(operatorRules().endsWith(`\nspec:\n${rules}`)).to.equal(true);
  });

  it('let through the options of the service that the chart does not set, each with what it is', () => {
    const { properties } = chart.schema() as unknown as {
      properties: { options: { properties: Record<string, { description: string }> } };
    };
    const own = properties.options.properties;
    expect(own['max-connections']?.description).to.equal(options.maxConnections.help);
    expect(own).to.include.keys('ping-interval', 'audit-log', 'page', 'deny-list', 'cluster-lost', 'hop-dial');
    expect(own).not.to.have.any.keys('listen', 'crl', 'policy', 'nats', 'hop-key', 'drain-deadline', 'replica');
  });
});
