import { expect } from 'chai';
import { filesBelow, ROOT } from '../support/sources.js';
import { needs, tell } from '../support/tools.js';

/** Runs a checker in the clone, and shows its output when it fails. */
async function passes(command: string, ...args: string[]): Promise<void> {
  const { code, output } = await tell(command, args, { cwd: ROOT });
  expect(code, output).to.equal(0);
}

describe('what is shipped, by the checkers of those who run it', () => {
  describe('hadolint', () => {
    needs('hadolint');
    it('has nothing to say of the Dockerfile', () => passes('hadolint', 'deploy/Dockerfile'));
  });

  describe('check-jsonschema', () => {
    needs('check-jsonschema');
    const schemas: [string, string][] = [
      ['vendor.compose-spec', 'docker-compose.yml'],
      ['vendor.github-workflows', '.github/workflows/ci.yml'],
      ['vendor.dependabot', '.github/dependabot.yml'],
    ];
    for (const [schema, path] of schemas) {
      it(`finds ${path} to be of the schema ${schema}`, () =>
        passes('check-jsonschema', '--builtin-schema', schema, path));
    }
    for (const path of filesBelow('deploy').filter((name) => name.endsWith('policy.yaml'))) {
      it(`finds ${path} to be of the schema of policies`, () =>
        passes('check-jsonschema', '--schemafile', 'schema/policy.schema.json', path));
    }
  });

  describe('zizmor', () => {
    needs('zizmor');
    it('finds no hole in the workflows', () =>
      passes('zizmor', '--offline', '--no-progress', '--pedantic', '.github/workflows'));
  });

  describe('shellcheck', () => {
    needs('shellcheck');
    const scripts = [...filesBelow('deploy'), ...filesBelow('dev')].filter(
      (name) => name.endsWith('.sh') || name.endsWith('edge-files'),
    );
    it('has nothing to say of the shell scripts', () => passes('shellcheck', '.ci/run', ...scripts));
  });
});
