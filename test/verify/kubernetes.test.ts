import { join, relative } from 'node:path';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { Scratch } from '../support/scratch.js';
import { ROOT } from '../support/sources.js';
import { needs, tell } from '../support/tools.js';

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Kinds that operators define; their schemas are not Kubernetes'. */
const defined = ['Certificate', 'PrometheusRule', 'ServiceMonitor'];
const definedForReplicas = [...defined, 'Issuer'];

describe('the overlays of Kubernetes', () => {
  needs('kubectl', 'kubernetes-validate');
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
      const documents = parseAllDocuments(built.output);
      const kinds = documents.map((document) => (document.toJS() as Resource).kind);
      const isDefined = (kind: string): boolean => definedForReplicas.includes(kind);
      expect([...new Set(kinds.filter(isDefined))]).to.have.members(operators);
      const known = documents.filter((_, index) => !isDefined(kinds[index] ?? ''));
      expect(known.length).to.be.greaterThan(7);
      const file = scratch.write(`${name}.yaml`, known.map(String).join('---\n'));
      const validated = await tell('kubernetes-validate', ['--strict', file]);
      expect(validated.code, validated.output).to.equal(0);
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
