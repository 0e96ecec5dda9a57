import { mkdirSync } from 'node:fs';
import { expect } from 'chai';
import { publishedKeyFault, publishedKeyFaultIn } from '../../proxy/x509/published-keys.js';
import { pem, sequence, tlv } from '../support/der-writer.js';
import { type Program, runProgram } from '../support/program.js';
import { publishedRootKey } from '../support/published-root.js';
import { extension, RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { ecKeys } from '../support/signing.js';

const O = '2.5.4.10';
const WORDS = /the private key of this certificate is public, .*micronets-ws-root\.key\.pem/;

// The signer does not matter, since everybody has the key.
const authority = new RawAuthority();
const root = authority.issue({
  subject: [[O, 'Micronets-WS-Root']],
  extensions: [extension('2.5.29.19', sequence(tlv(1, Buffer.from([255]))), true)],
  keys: { publicKey: publishedRootKey, privateKey: ecKeys().privateKey },
});

describe('a root whose private key is public', function () {
  this.timeout(30_000);
  let scratch: Scratch;
  let program: Program | undefined;
  beforeEach(() => {
    scratch = new Scratch();
    scratch.write('root.cert.pem', authority.certificate + root.certificate);
  });
  afterEach(async () => {
    await program?.stop('SIGKILL');
    program = undefined;
    scratch.remove();
  });

  it('is known by its key, and others are not', () => {
    expect(publishedKeyFault(root.der)).to.match(WORDS);
    expect(publishedKeyFaultIn(authority.certificate + root.certificate)).to.match(WORDS);
    expect(publishedKeyFaultIn(authority.certificate)).to.equal(undefined);
    expect(publishedKeyFault(Buffer.from('no certificate'))).to.equal(undefined);
  });

  const refusals: readonly (readonly [string, (ca: string) => readonly string[], number])[] = [
    [
      'serve --crl-ca',
      (ca) => [
        'serve',
        '--listen',
        `unix:${scratch.path('s')}`,
        '--metrics-port',
        '0',
        '--policy',
        'any-verified',
        '--crl',
        scratch.write('l', pem('X509 CRL', authority.revoke({ serials: [] }))),
        '--crl-ca',
        ca,
      ],
      2,
    ],
    [
      'sessions list --ca',
      (ca) => ['sessions', 'list', '--ca', ca, '--cert', scratch.write('c.pem', `${root.certificate}${root.key}`)],
      2,
    ],
    [
      'envoy render --client-ca',
      (ca) => [
        'envoy',
        'render',
        '--dir',
        scratch.path('e'),
        '--client-ca',
        ca,
        '--server-cert',
        scratch.path('t/s.cert.pem'),
        '--server-key',
        scratch.path('t/s.key.pem'),
      ],
      2,
    ],
  ];
  for (const [what, args, code] of refusals) {
    it(`is refused by ${what}, in one line that names the file`, async () => {
      const ca = scratch.path('root.cert.pem');
      program = runProgram(...args(ca));
      const line = await program.line('stderr', /./);
      expect(line).to.match(WORDS);
      expect(line).to.contain(ca);
      expect(await program.ended).to.equal(code);
    });
  }

  it('is refused by the commands that sign and by npm start, and explained by certs show', async () => {
    const dir = scratch.path('pki');
    mkdirSync(dir);
    scratch.write('pki/root.cert.pem', root.certificate);
    program = runProgram('certs', 'dev', '--dir', dir);
    expect(await program.line('stderr', /./)).to.match(WORDS);
    expect(await program.ended).to.equal(1);
    program = runProgram('certs', 'show', '--dir', dir, 'root');
    expect(await program.line('stdout', /warning.*private key/)).to.match(WORDS);
    expect(await program.ended).to.equal(0);
  });

  it('is a warning for a peer, which goes on', async () => {
    const gateway = authority.issue({ subject: [[O, 'gw']] });
    const cert = scratch.write('gw.pem', gateway.certificate + gateway.key);
    program = runProgram(
      'peer',
      'gateway',
      '--url',
      'wss://127.0.0.1:1/micronets/v1/ws-proxy/sub/1',
      '--cert',
      cert,
      '--ca',
      scratch.path('root.cert.pem'),
      '--upstream',
      'http://127.0.0.1:1',
    );
    expect(await program.line('stderr', /./))
      .to.match(/^peer: warning: /)
      .and.match(WORDS);
    await program.line('stderr', /connecting to/);
  });
});
