import { join, relative } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../proxy/config/load.js';
import { drainFaults } from '../support/drain-order.js';
import { type Resource, resourcesIn } from '../support/helm.js';
import { needsOperatorSchemas, operatorFaults } from '../support/operator-schemas.js';
import { Scratch } from '../support/scratch.js';
import { ROOT, textOf } from '../support/sources.js';
import { needs, tell } from '../support/tools.js';

/** Kinds that operators define; their schemas are not Kubernetes'. */
const defined = ['Certificate', 'PrometheusRule', 'ServiceMonitor'];
const definedForReplicas = [...defined, 'Issuer'];

describe('the overlays of Kubernetes', () => {
  needs('kubectl', 'kubernetes-validate');
  needsOperatorSchemas();
  const scratch = new Scratch();
  after(() => scratch.remove());

  const overlays: [string, string[]][] = [
    ['plain', []],
    ['production', defined],
    ['replicas', definedForReplicas],
    ['tier', definedForReplicas],
  ];
  for (const [name, operators] of overlays) {
    it(`${name}: is built by kubectl, and every resource is of its schema`, async () => {
      const built = await tell('kubectl', ['kustomize', `deploy/kubernetes/overlays/${name}`], { cwd: ROOT });
      expect(built.code, built.output).to.equal(0);
      const resources = resourcesIn(built.output);
      const isDefined = ({ kind }: Resource): boolean => definedForReplicas.includes(kind);
      expect([...new Set(resources.filter(isDefined).map(({ kind }) => kind))]).to.have.members(operators);
      expect(operatorFaults(resources.filter(isDefined))).to.deep.equal([]);
      const known = resources.filter((one) => !isDefined(one));
      expect(known.length).to.be.greaterThan(7);
      const file = scratch.write(`${name}.yaml`, known.map((one) => JSON.stringify(one)).join('\n---\n'));
      const validated = await tell('kubernetes-validate', ['--strict', file]);
      expect(validated.code, validated.output).to.equal(0);
      const options = { name: 'ws-proxy.yaml', text: textOf('deploy/container/ws-proxy.yaml') };
      expect(drainFaults(resources, loadConfig({ flags: {}, environment: {}, file: options }))).to.deep.equal([]);
    });
  }

  it('take the rules that ws-proxy rules prints, with absolute runbooks, in the place of their own', async () => {
    const printed = await tell(
      process.execPath,
      ['bin/ws-proxy.js', 'rules', '--operator', '--runbooks', 'https://wiki.example.com/g'],
      { cwd: ROOT },
    );
    scratch.write('rules.yaml', printed.output);
    const base = relative(scratch.directory, join(ROOT, 'deploy/kubernetes/overlays/production'));
    scratch.write('kustomization.yaml', `resources: [${base}]\npatches: [{ path: rules.yaml }]\n`);
    const built = await tell('kubectl', ['kustomize', scratch.directory]);
    expect(built.code, built.output).to.equal(0);
    expect(built.output.match(/runbook_url: (?!https:\/\/wiki\.example\.com\/g#)/g)).to.equal(null);
    expect(built.output.match(/runbook_url: /g)?.length).to.be.greaterThan(20);
  });
});
