import { expect } from 'chai';
import { loadConfig } from '../../../proxy/config/load.js';
import { stopTime } from '../../../proxy/stop-time.js';
import { drainFaults } from '../../support/drain-order.js';
import type { Resource } from '../../support/helm.js';
import { textOf } from '../../support/sources.js';
import { documentsOf } from '../../support/yaml-files.js';

const folder = 'deploy/kubernetes';

interface Changed {
  spec: {
    replicas: number;
    template: {
      spec: {
        terminationGracePeriodSeconds: number;
        initContainers: { restartPolicy?: string; lifecycle?: object }[];
        containers: { lifecycle?: object; readinessProbe: { httpGet: { path: string } } }[];
      };
    };
  };
}

describe('the order in which a pod goes', () => {
  const file = { name: 'ws-proxy.yaml', text: textOf('deploy/container/ws-proxy.yaml') };
  const config = loadConfig({ flags: {}, environment: {}, file });
  const read = (...names: readonly string[]): Resource[] =>
    names.flatMap((name) => documentsOf<Resource>(`${folder}/${name}.yaml`));
  const base = () => read('base/deployment', 'base/services');

  it('is kept by one pod', () => {
    expect(drainFaults(base(), config)).to.deep.equal([]);
  });

  it('is kept by the pods of a tier', () => {
    const tier = read('tier/service', 'tier/services', 'tier/disruption-budgets');
    expect(drainFaults(tier, config)).to.deep.equal([]);
  });

  const spoilt: readonly (readonly [string, (one: Changed) => void])[] = [
    ['Envoy is no sidecar', ({ spec }) => delete spec.template.spec.initContainers[1]?.restartPolicy],
    ['SIGTERM comes before', ({ spec }) => delete spec.template.spec.containers[0]?.lifecycle],
    ['cut off after 30 s', ({ spec }) => Object.assign(spec.template.spec, { terminationGracePeriodSeconds: 30 })],
    [
      'Envoy goes by itself',
      ({ spec }) => Object.assign(spec.template.spec.initContainers[1] ?? {}, { lifecycle: {} }),
    ],
    [
      'a pod that drains counts as ready',
      ({ spec }) => Object.assign(spec.template.spec.containers[0]?.readinessProbe.httpGet ?? {}, { path: '/livez' }),
    ],
    ['all go at once', ({ spec }) => Object.assign(spec, { replicas: 2 })],
  ];
  for (const [says, spoil] of spoilt) {
    it(`is found out where it is not kept: ${says}`, () => {
      const resources = structuredClone(base());
      spoil(resources[0] as unknown as Changed);
      const [fault, ...others] = drainFaults(resources, config);
      expect(fault).to.include(says);
      expect(others).to.deep.equal([]);
    });
  }

  it('is found out where a budget holds up the only pod', () => {
    const resources = [...base(), ...read('components/replicas/disruption-budget')];
    expect(drainFaults(resources, config)).to.deep.equal(['no node can be drained']);
  });

  it('takes as long as the document says', () => {
    const text = textOf(`${folder}/README.md`);
    expect(text).to.include(`The service needs ${5 + stopTime(config) / 1000} at most`);
    expect(text).to.include(`its ${config.maxSessions.toLocaleString('en')} sessions in batches`);
  });

  it('needs more time where the drain has more', () => {
    expect(drainFaults(base(), { ...config, drainDeadline: 120_000 })[0]).to.match(/^a drain may take 142 s/);
  });
});
