import { copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeDevelopmentPki } from '../../certs/development.js';
import { signLists } from '../../certs/revocation.js';
import { Scratch } from '../support/scratch.js';
import { ROOT } from '../support/sources.js';
import { tell } from '../support/tools.js';

describe('the daily renewal of an installation', function () {
  this.timeout(20_000);
  const scratch = new Scratch();
  const etc = scratch.path('etc');
  const pki = join(etc, 'pki');
  after(() => scratch.remove());

  before(async () => {
    // The folders are laid out as by install.sh.
    for (const folder of ['libexec', 'bin', 'etc/tls', 'etc/trust'])
      mkdirSync(scratch.path(folder), { recursive: true });
    copyFileSync(join(ROOT, 'deploy/systemd/renew'), scratch.path('libexec/renew'));
    symlinkSync(join(ROOT, 'bin/ws-proxy.js'), scratch.path('bin/ws-proxy.js'));
    await makeDevelopmentPki(pki);
  });

  async function run(): Promise<void> {
    const { code, output } = await tell('sh', [
      '-c',
      'umask 077 && exec "$0" "$1"',
      scratch.path('libexec/renew'),
      etc,
    ]);
    expect(code, output).to.equal(0);
  }

  function inodeOf(path: string): number {
    return statSync(join(etc, path)).ino;
  }

  it('puts list, key and certificate into place: the key for its owner alone, the list for the service too', async () => {
    await run();
    for (const [place, name] of [
      ['tls', 'server.cert.pem'],
      ['tls', 'server.key.pem'],
      ['trust', 'root.crl.pem'],
    ] as const) {
      expect(readFileSync(join(etc, place, name)), name).to.deep.equal(readFileSync(join(pki, name)));
    }
    expect(statSync(join(etc, 'tls/server.key.pem')).mode & 0o777).to.equal(0o600);
    expect(statSync(join(etc, 'trust/root.crl.pem')).mode & 0o777).to.equal(0o644);
  });

  it('touches nothing on a day on which nothing is due', async () => {
    const before = ['tls/server.cert.pem', 'trust/root.crl.pem'].map(inodeOf);
    await run();
    expect(['tls/server.cert.pem', 'trust/root.crl.pem'].map(inodeOf)).to.deep.equal(before);
  });

  it('brings a new list by rename, and leaves alone what did not change', async () => {
    const [certificate, list] = [inodeOf('tls/server.cert.pem'), inodeOf('trust/root.crl.pem')];
    await signLists(pki);
    await run();
    expect(inodeOf('trust/root.crl.pem')).not.to.equal(list);
    expect(inodeOf('tls/server.cert.pem')).to.equal(certificate);
    expect(readFileSync(join(etc, 'trust/root.crl.pem'))).to.deep.equal(readFileSync(join(pki, 'root.crl.pem')));
  });

  it('fails, and says what to do, without the key of the root', async () => {
    const { code, output } = await tell('sh', [scratch.path('libexec/renew'), scratch.path('none')]);
    expect(code).to.equal(1);
    expect(output).to.match(/^error: .*root\.cert\.pem is not there; /m);
  });
});
