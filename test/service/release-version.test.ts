import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Scratch } from '../support/scratch.js';
import { isThere, ROOT } from '../support/sources.js';
import { type ProgramOutcome, tell } from '../support/tools.js';

const CHART = 'deploy/helm/ws-proxy/Chart.yaml';
const OVERLAYS = readdirSync(join(ROOT, 'deploy/kubernetes/overlays')).map(
  (name) => `deploy/kubernetes/overlays/${name}/kustomization.yaml`,
);
/** Every file that says which version this is. */
const PLACES = ['package.json', 'package-lock.json', 'CHANGELOG.md', ...OVERLAYS, ...(isThere(CHART) ? [CHART] : [])];

describe('npm run release:version', () => {
  let scratch: Scratch;
  let version: string;

  beforeEach(() => {
    scratch = new Scratch();
    for (const path of ['scripts', ...PLACES]) cpSync(join(ROOT, path), scratch.path(path), { recursive: true });
    version = (JSON.parse(read('package.json')) as { version: string }).version;
    scratch.write('CHANGELOG.md', `# Changelog\n\n## ${version} (not released)\n\n- All.\n`);
  });
  afterEach(() => scratch.remove());

  const read = (path: string): string => readFileSync(scratch.path(path), 'utf8');
  const put = (...args: readonly string[]): Promise<ProgramOutcome> =>
    tell(process.execPath, [scratch.path('scripts/release-version.mjs'), ...args]);

  it('puts the version wherever it stands, and the date into the changelog', async () => {
    const { code, output } = await put('9.8.7', '2030-01-02');
    expect(code, output).to.equal(0);
    for (const path of PLACES) expect(read(path), path).to.contain('9.8.7');
    expect(read('CHANGELOG.md')).to.contain('\n## 9.8.7 (2030-01-02)\n').and.not.to.contain('(not released)');
    for (const path of PLACES.filter((path) => !/^(package-lock|CHANGELOG)/.test(path))) {
      expect(read(path), path).to.not.match(new RegExp(`(newTag|"version"|ersion): "?${version}\\b`));
    }
    const again = await put('9.8.8');
    expect(again.output).to.contain('the first section of CHANGELOG.md is released');
  });

  it('names the file that says another version', async () => {
    for (const path of PLACES) {
      const before = read(path);
      // The first is the title of a section, or the version of the project.
      writeFileSync(scratch.path(path), before.replace(version, '9.9.9'));
      const { code, output } = await put('9.8.7');
      const [one, other] = path === 'package.json' ? ['package-lock.json', '9.9.9'] : [path, version];
      expect(output.trimEnd().split('\n'), output).to.have.length(1);
      expect(output)
        .to.match(/^error: /)
        .and.to.contain(one)
        .and.to.contain(other);
      expect(code).to.equal(1);
      writeFileSync(scratch.path(path), before);
    }
  });

  it('finds one version in the files of this project', async () => {
    cpSync(join(ROOT, 'CHANGELOG.md'), scratch.path('CHANGELOG.md'));
    // Between a release and the next entry there is no section to make one of.
    expect((await put('9.8.7')).output).to.match(/is in all files|the first section of CHANGELOG.md is released/);
  });

  it('knows a changelog whose next section has begun', async () => {
    const last = `\n\n## ${version} (2029-01-01)\n\n- All.\n`;
    scratch.write('CHANGELOG.md', `# Changelog\n\n## 9.8.6 (not released)\n\n- More.${last}`);
    const { code, output } = await put('9.8.7', '2030-01-02');
    expect(code, output).to.equal(0);
    expect(read('CHANGELOG.md')).to.equal(`# Changelog\n\n## 9.8.7 (2030-01-02)\n\n- More.${last}`);
  });

  it('takes nothing for a version or a date that is none', async () => {
    expect((await put()).output).to.equal('error: "" is no version: npm run release:version -- X.Y.Z\n');
    expect((await put('v1.0.0')).output).to.match(/^error: "v1.0.0" is no version/);
    expect((await put('1.0.0', 'today')).output).to.match(/^error: "today" is no date/);
  });
});
