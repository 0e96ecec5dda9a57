import { expect } from 'chai';
import { find, laidOver, needsHelm, type Resource, rendered, valuesOf } from '../support/helm.js';

interface Template {
  readonly metadata: { readonly annotations?: Readonly<Record<string, unknown>> };
  readonly spec: { readonly topologySpreadConstraints?: readonly object[] };
}

const templateOf = ({ spec }: Resource): Template => (spec as { template: Template }).template;

describe('the Helm chart leaves what is somebody’s own as it is', () => {
  needsHelm();

  it('a constraint with a selector of its own', async () => {
    const { spec } = templateOf(find(await rendered(valuesOf('everything')), 'Deployment', 'rendezvous'));
    const [usual, own] = spec.topologySpreadConstraints ?? [];
    expect(usual).to.have.nested.property('labelSelector.matchLabels');
    expect(own).to.deep.include({ labelSelector: { matchLabels: { 'example.com/edge': 'true' } } });
    expect(usual).not.to.have.nested.property('labelSelector.matchLabels.example\\.com/edge');
  });

  it('a Secret of one part, where cert-manager makes those of the others', async () => {
    const fleet = { enabled: true, hop: { existingSecret: 'my-hops' }, certManager: { enabled: true } };
    const values = laidOver(valuesOf('production', 'fleet'), { fleet });
    const made = (await rendered(values)).filter(({ kind }) => kind === 'Certificate');
    const secrets = made.map(({ spec }) => (spec as { secretName: string }).secretName);
    expect(secrets).to.include('ws-proxy-nats-tls').and.not.to.include('my-hops');
  });

  it('a name of digits: labels and annotations are texts', async () => {
    const resources = await rendered(valuesOf('production', 'fleet'), '2026');
    const texts = resources.flatMap((one) => [
      ...Object.values((one.metadata as { labels?: object }).labels ?? {}),
      ...(['Deployment', 'StatefulSet'].includes(one.kind)
        ? Object.values(templateOf(one).metadata.annotations ?? {})
        : []),
    ]);
    expect(texts.length).to.be.greaterThan(20);
    expect(texts.filter((value) => typeof value !== 'string')).to.deep.equal([]);
  });
});
