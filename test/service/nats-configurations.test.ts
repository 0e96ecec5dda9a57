import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { natsBinary } from '../support/nats.js';
import { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { filesBelow } from '../support/sources.js';
import { tell } from '../support/tools.js';

/** Where the files want certificates, and variables that they read. */
const TLS = '/etc/nats/tls';
const env = { POD_NAME: 'ws-proxy-nats-0', WS_PROXY_NATS_PASSWORD: 'p-secret' };

describe('the configurations of NATS', () => {
  const scratch = new Scratch();
  const configurations = filesBelow('deploy').filter((path) => basename(path) === 'nats.conf');
  after(() => scratch.remove());

  before(() => {
    const authority = new RawAuthority();
    const { certificate, key } = authority.issue({ subject: [], names: [{ dns: 'ws-proxy-nats' }] });
    mkdirSync(scratch.path('tls'));
    scratch.write('tls/tls.crt', certificate);
    scratch.write('tls/tls.key', key);
    scratch.write('tls/ca.crt', authority.certificate);
  });

  it('are those of Compose, the Helm chart, Kubernetes and systemd', () => {
    expect(configurations.map((path) => path.split('/')[1]).sort()).to.deep.equal([
      'compose',
      'helm',
      'kubernetes',
      'systemd',
    ]);
  });

  for (const path of configurations) {
    it(`${path} is one that the server takes`, async () => {
      const folder = dirname(path);
      const own = scratch.path(path.replaceAll('/', '-'));
      mkdirSync(own);
      for (const name of readdirSync(folder).filter((one) => one.endsWith('.conf'))) {
        const text = readFileSync(join(folder, name), 'utf8').replaceAll(TLS, scratch.path('tls'));
        scratch.write(`${basename(own)}/${name}`, text);
      }
      const args = ['-c', join(own, 'nats.conf'), '-t'];
      const { code, output } = await tell(natsBinary(), args, { env: { ...process.env, ...env } });
      expect(output).to.match(/configuration file .* is valid/);
      expect(code).to.equal(0);
    });
  }
});
