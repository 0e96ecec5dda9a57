import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { operatorRules } from '../../../admin/rules-text.js';
import { permissionsText } from '../../../proxy/cluster/nats/permissions.js';
import { flagOf, type OptionKey, type OptionRow, options } from '../../../proxy/config/options.js';
import { CHART, chart, laidOver, type Values, valuesOf } from '../../support/helm.js';
import { filesBelow, ROOT, textOf } from '../../support/sources.js';
import { documentOf } from '../../support/yaml-files.js';

interface Overlay {
  readonly images: readonly { readonly name: string; readonly newName: string; readonly newTag: string }[];
}

interface Image {
  readonly repository: string;
  readonly tag: string;
}

const { valuesSchema } = (await import(pathToFileURL(join(ROOT, 'deploy/helm/values-schema.mjs')).href)) as {
  valuesSchema: (values: Values) => Values;
};

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

  it('have a schema that is made of the options and the policy as they are (npm run generate)', () => {
    expect(JSON.parse(JSON.stringify(valuesSchema(values)))).to.deep.equal(chart.schema());
  });

  it('have patterns that Go reads, as Helm does: it counts to 1000, and looks neither ahead nor back', () => {
    const patterns = [...textOf(`${CHART}/values.schema.json`).matchAll(/"pattern": "(.*)"/g)].map(
      ([, one = '']) => one,
    );
    expect(patterns.length).to.be.greaterThan(40);
    for (const one of patterns) expect(one).not.to.match(/\{[^}]*\d{4,}|\(\?(?!:)|\\\\[1-9]/);
  });

  it('let through the options of the service that the chart does not set, each with what it is', () => {
    const { properties } = chart.schema() as unknown as {
      properties: { options: { properties: Record<string, { description: string }> } };
    };
    const own = properties.options.properties;
    expect(own['max-connections']?.description).to.equal(options.maxConnections.help);
    expect(own).to.include.keys('ping-interval', 'audit-log', 'page', 'deny-list', 'cluster-lost', 'hop-dial');
    for (const [key, row] of Object.entries(options) as [OptionKey, OptionRow][]) {
      const name = flagOf(key);
      if (!(name in own) || row.default === undefined) continue;
      const isJson = row.kind === 'count' || row.kind === 'flag';
      const value: unknown = isJson ? JSON.parse(row.default) : row.default;
      expect(faults({ options: { [name]: value } }), name).to.deep.equal([]);
    }
    for (const value of [1_048_576, '1.5MiB', '1000']) {
      expect(faults({ options: { 'max-message-bytes': value } }), String(value)).to.deep.equal([]);
    }
    expect(faults({ options: { 'max-message-bytes': 1 } })).to.have.length(1);
    expect(own).not.to.have.any.keys('listen', 'crl', 'policy', 'nats', 'hop-key', 'drain-deadline', 'replica');
  });
});
