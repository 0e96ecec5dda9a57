import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { envoyBinary } from '../support/envoy.js';
import { Scratch } from '../support/scratch.js';
import { ROOT } from '../support/sources.js';
import { needs, tell } from '../support/tools.js';

const units = join(ROOT, 'deploy/systemd');
/** The most exposure that a unit may have, of 10. */
const MAX_EXPOSURE = 1.5;

describe('the systemd installation', () => {
  needs('systemd-analyze');
  const scratch = new Scratch();
  const dest = scratch.path('root');
  after(() => scratch.remove());

  const files = (): string[] =>
    readdirSync(dest, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  const script = (name: string, ...args: string[]) => tell('sh', [join(units, name), '--destdir', dest, ...args]);

  it('installs, and installs again to the same', async () => {
    const first = await script('install.sh', '--envoy', envoyBinary());
    expect(first.code, first.output).to.equal(0);
    const before = files();
    const policy = join(dest, 'etc/ws-proxy/policy.yaml');
    const own = scratch.write('own.yaml', 'version: 1\nrules: []\n# mine\n');
    cpSync(own, policy);
    const second = await script('install.sh', '--envoy', envoyBinary());
    expect(second.code, second.output).to.equal(0);
    expect(files()).to.deep.equal(before);
    expect(readFileSync(policy, 'utf8'), 'what the operator wrote stays').to.include('# mine');
  });

  it('has a program that runs', async () => {
    const { code, output } = await tell(join(dest, 'opt/ws-proxy/bin/ws-proxy.js'), ['serve', '--help']);
    expect(code, output).to.equal(0);
  });

  it('has units in which systemd-analyze verify finds nothing', async () => {
    // The units of this system are copied, so that the references of ours resolve.
    const system = ['/usr/lib/systemd/system', '/lib/systemd/system'].find((path) => existsSync(path)) ?? '';
    cpSync(system, join(dest, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true });
    const folder = join(dest, 'etc/systemd/system');
    const paths = readdirSync(folder).map((name) => join(folder, name));
    expect(paths).to.have.length(7);
    const { code, output } = await tell('systemd-analyze', [`--root=${dest}`, 'verify', ...paths]);
    expect(output).to.equal('');
    expect(code).to.equal(0);
  });

  for (const unit of [
    'ws-proxy.service',
    'ws-proxy-envoy.service',
    'ws-proxy-edge-files.service',
    'ws-proxy-renew.service',
  ]) {
    it(`${unit} has an exposure of ${MAX_EXPOSURE} at most`, async () => {
      const args = ['security', '--offline=true', '--no-pager', `--threshold=${MAX_EXPOSURE * 10}`, join(units, unit)];
      const { code, output } = await tell('systemd-analyze', args);
      expect(code, output).to.equal(0);
      expect(output).to.match(/Overall exposure level/);
    });
  }

  it('uninstalls, and leaves what the operator wrote unless told', async () => {
    const kept = await script('uninstall.sh');
    expect(kept.code, kept.output).to.equal(0);
    expect(existsSync(join(dest, 'opt/ws-proxy'))).to.equal(false);
    expect(existsSync(join(dest, 'etc/ws-proxy/policy.yaml'))).to.equal(true);
    expect((await script('uninstall.sh', '--purge')).code).to.equal(0);
    const system = join(dest, 'usr/lib/systemd/system');
    expect(files().filter((path) => !path.startsWith(system))).to.deep.equal([]);
  });

  it('says what is missing', async () => {
    const { code, output } = await script('install.sh', '--envoy', scratch.path('none'));
    expect(code).to.equal(1);
    expect(output).to.include('is no program: name an Envoy');
  });
});
