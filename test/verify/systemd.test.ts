import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { envoyBinary } from '../support/envoy.js';
import { natsBinary } from '../support/nats.js';
import { Scratch } from '../support/scratch.js';
import { ROOT } from '../support/sources.js';
import { needs, tell } from '../support/tools.js';

const units = join(ROOT, 'deploy/systemd');
/** The most exposure that a unit may have, of 10. */
const MAX_EXPOSURE = 1.5;

describe('the systemd installation', function () {
  // It copies what is installed, and takes it away.
  this.timeout(180_000);
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
    const first = await script('install.sh', '--envoy', envoyBinary(), '--nats', natsBinary());
    expect(first.code, first.output).to.equal(0);
    const before = files();
    const policy = join(dest, 'etc/ws-proxy/policy.yaml');
    const own = scratch.write('own.yaml', 'version: 1\nrules: []\n# mine\n');
    cpSync(own, policy);
    const second = await script('install.sh', '--envoy', envoyBinary());
    expect(second.code, second.output).to.equal(0);
    expect(files(), 'without --nats the server stays').to.deep.equal(before);
    expect(readFileSync(policy, 'utf8'), 'what the operator wrote stays').to.include('# mine');
  });

  it('has a NATS whose configuration is good, and a user of it that nobody else can read', async () => {
    const user = join(dest, 'etc/ws-proxy/nats/user');
    const [name, password = '', ...rest] = readFileSync(user, 'utf8').trimEnd().split('\n');
    expect([name, rest]).to.deep.equal(['ws-proxy', []]);
    expect(password).to.match(/^p[0-9a-f]{48}$/);
    expect(statSync(user).mode & 0o777).to.equal(0o640);
    const env = { ...process.env, WS_PROXY_NATS_PASSWORD: password };
    const server = join(dest, 'opt/ws-proxy/libexec/nats-server');
    const { code, output } = await tell(server, ['-t', '-c', join(dest, 'etc/ws-proxy/nats.conf')], { env });
    expect(code, output).to.equal(0);
  });

  it('tells Envoy of the instances that are enabled, and of the one service where there are none', async () => {
    const enabled = scratch.path('wants');
    const rendered = scratch.path('run/envoy');
    const own = { '/etc/systemd/system/ws-proxy.target.wants': enabled, '/opt/ws-proxy': join(dest, 'opt/ws-proxy') };
    const text = Object.entries({
      ...own,
      '/run/ws-proxy-edge': scratch.path('run'),
      '/run/ws-proxy/trust': scratch.path('trust'),
    }).reduce((script, [from, to]) => script.replaceAll(from, to), readFileSync(join(units, 'edge-files'), 'utf8'));
    const program = scratch.write('edge-files', text);
    for (const name of ['credentials', 'trust', 'wants']) mkdirSync(scratch.path(name));
    for (const name of ['server.key.pem', 'server.cert.pem']) scratch.write(`credentials/${name}`, '');
    scratch.write('trust/root.crl.pem', '');
    const env = { ...process.env, CREDENTIALS_DIRECTORY: scratch.path('credentials') };
    const render = async (): Promise<string> => {
      const { code, output } = await tell('sh', [program], { env });
      expect(code, output).to.equal(0);
      return readFileSync(join(rendered, 'cds.yaml'), 'utf8');
    };
    expect(await render()).to.include('/run/ws-proxy/proxy.sock');
    for (const number of [1, 2]) symlinkSync('/dev/null', join(enabled, `ws-proxy@${number}.service`));
    expect(await render()).not.to.include('/run/ws-proxy/proxy.sock');
    const list = readFileSync(join(rendered, 'eds/rendezvous.yaml'), 'utf8');
    for (const number of [1, 2])
      expect(list).to.include(`/run/ws-proxy/${number}/proxy.sock`).and.to.include(`946${number}`);
    symlinkSync('/dev/null', join(enabled, 'ws-proxy@twelve.service'));
    expect((await tell('sh', [program], { env })).output).to.include('number replicas from 1 to 9');
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
    expect(paths).to.have.length(9);
    const { code, output } = await tell('systemd-analyze', [`--root=${dest}`, 'verify', ...paths]);
    expect(output).to.equal('');
    expect(code).to.equal(0);
  });

  for (const unit of [
    'ws-proxy.service',
    'ws-proxy@.service',
    'ws-proxy-nats.service',
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
