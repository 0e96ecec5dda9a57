import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SUPPORTED_NODE } from '../../../doctor/checks/supported.js';
import { ROOT, textOf } from '../../support/sources.js';

interface Lock {
  readonly packages: Readonly<Record<string, Readonly<{ version?: string; integrity?: string; resolved?: string }>>>;
}

const lines = readdirSync(join(ROOT, 'test/runtimes')).sort();
const { engines } = JSON.parse(textOf('package.json')) as { engines: { node: string } };

/** The pinned packages of a line: one for each kind of machine. */
function pinned(line: string): Lock['packages'][string][] {
  const { packages } = JSON.parse(textOf(`test/runtimes/${line}/package-lock.json`)) as Lock;
  return ['x64', 'arm64'].map((arch) => packages[`node_modules/node-linux-${arch}`] ?? {});
}

describe('the lines of Node', () => {
  it('are those that live, and the oldest that is kept', () => expect(lines).to.deep.equal(['20', '22', '24']));

  for (const line of lines) {
    it(`pin ${line} by its hash, for both kinds of machines, from no registry by name`, () => {
      for (const { version, integrity, resolved } of pinned(line)) {
        expect(version).to.match(new RegExp(`^${line}\\.\\d+\\.\\d+$`));
        expect(integrity).to.match(/^sha512-/);
        expect(resolved).to.equal(undefined);
      }
    });
  }

  it('begin with the oldest that package.json, the set-up, the doctor and the documents allow', () => {
    expect(pinned('20').map(({ version }) => version)).to.deep.equal(['20.19.0', '20.19.0']);
    expect(engines.node).to.equal(`>=${SUPPORTED_NODE}`);
    expect(textOf('scripts/node-version.mjs')).to.contain(`[${SUPPORTED_NODE.split('.').join(', ')}]`);
    for (const file of ['README.md', 'CONTRIBUTING.md']) expect(textOf(file)).to.contain(`≥ ${SUPPORTED_NODE}`);
  });

  it('end with that of the image, which makes releases too', () => {
    const [, image] = /node:(\d+\.\d+\.\d+)-/.exec(textOf('deploy/Dockerfile')) ?? [];
    expect(pinned('24').map(({ version }) => version)).to.deep.equal([image, image]);
    // Who makes a release again needs the Node that it was made with.
    expect(textOf('.github/workflows/release.yml')).to.contain(`node-version: "${image}"`);
  });
});
