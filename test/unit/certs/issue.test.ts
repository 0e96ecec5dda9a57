import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Authority, loadAuthority } from '../../../certs/authority.js';
import { parseCredential } from '../../../certs/credential.js';
import { explainCertificate } from '../../../certs/explain.js';
import { installIntermediate, installRoot } from '../../../certs/install.js';
import { issueLeaf, type LeafRequest, LOOPBACK_NAMES, NO_NAMES } from '../../../certs/issue.js';
import { failureOf, inDirectory, openssl, verdict } from './workspace.js';

const CLIENT: LeafRequest = { role: 'client', subject: { o: 'Micronets' }, names: NO_NAMES, days: 60 };

async function withRoot(work: (root: Authority, dir: string) => Promise<void>): Promise<void> {
  await inDirectory(async (dir) => {
    await work(await installRoot(dir, { subject: { o: 'Test', cn: 'root' }, days: 100, force: false }), dir);
  });
}

describe('issueLeaf', () => {
  it('makes a client with a subject of O only', async () => {
    await withRoot(async (root, dir) => {
      const leaf = await issueLeaf(root, CLIENT);
      const credential = parseCredential(leaf.keyPem + leaf.chainPem, 'leaf');
      const facts = explainCertificate(credential.certificate);
      expect(facts).to.deep.include({ subject: 'O=Micronets', uses: ['client'], warnings: [], key: 'EC P-256' });
      await writeFile(join(dir, 'leaf.pem'), leaf.chainPem);
      expect(await verdict(dir, 'leaf.pem', '-x509_strict', '-purpose', 'sslclient')).to.equal('ok');
      expect(await verdict(dir, 'leaf.pem', '-purpose', 'sslserver')).to.match(
        /unsuitable certificate purpose|unsupported/,
      );
    });
  });

  it('writes a subject from the general to the specific', async () => {
    await withRoot(async (root) => {
      const leaf = await issueLeaf(root, { ...CLIENT, subject: { cn: 'gw-1', ou: 'gateway', o: 'Acme' } });
      expect(explainCertificate(new X509Certificate(leaf.chainPem)).subject).to.equal('CN=gw-1,OU=gateway,O=Acme');
    });
  });

  it('makes a server that openssl takes by each of its names', async () => {
    await withRoot(async (root, dir) => {
      const leaf = await issueLeaf(root, { ...CLIENT, role: 'server', names: LOOPBACK_NAMES });
      await writeFile(join(dir, 'leaf.pem'), leaf.chainPem);
      const names = [
        ['-verify_hostname', 'localhost'],
        ['-verify_ip', '127.0.0.1'],
        ['-verify_ip', '::1'],
      ];
      for (const name of names) expect(await verdict(dir, 'leaf.pem', '-purpose', 'sslserver', ...name)).to.equal('ok');
      expect(await verdict(dir, 'leaf.pem', '-verify_hostname', 'example.com')).to.match(/hostname mismatch/i);
    });
  });

  it('writes a SPIFFE id beside DNS names and addresses', async () => {
    await withRoot(async (root) => {
      const names = { dns: ['a.example'], ip: ['10.0.0.1', '2001:db8::1'], spiffe: 'spiffe://micronets.test/gw/1' };
      const leaf = await issueLeaf(root, { ...CLIENT, names });
      expect(explainCertificate(new X509Certificate(leaf.chainPem)).names).to.deep.equal({
        dns: ['a.example'],
        ip: ['10.0.0.1', '2001:db8::1'],
        uri: ['spiffe://micronets.test/gw/1'],
        email: [],
        others: 0,
      });
    });
  });

  it('brings the intermediate along, and never outlives it', async () => {
    await withRoot(async (root, dir) => {
      const request = { subject: { o: 'Test', cn: 'intermediate' }, days: 20, force: false };
      const intermediate = await installIntermediate(dir, root, request);
      const leaf = await issueLeaf(await loadAuthority(dir, 'intermediate'), CLIENT);
      expect(leaf.chainPem.match(/BEGIN CERTIFICATE/g)?.length).to.equal(2);
      expect(new X509Certificate(leaf.chainPem).validTo).to.equal(intermediate.certificate.validTo);
      await writeFile(join(dir, 'leaf.pem'), leaf.chainPem);
      expect(await verdict(dir, 'leaf.pem', '-x509_strict', '-untrusted', 'leaf.pem')).to.equal('ok');
    });
  });

  it('gives every certificate a serial number of its own, of 16 bytes', async () => {
    await withRoot(async (root) => {
      const leaves = await Promise.all(Array.from({ length: 20 }, () => issueLeaf(root, CLIENT)));
      const serials = leaves.map(({ chainPem }) => new X509Certificate(chainPem).serialNumber);
      expect(new Set(serials).size).to.equal(20);
      for (const serial of serials) expect(serial).to.match(/^[4-7][0-9A-F]{31}$/);
    });
  });

  it('signs with an RSA key and with P-384 too', async () => {
    for (const kind of [
      ['rsa', 'rsa_keygen_bits:2048'],
      ['ec', 'ec_paramgen_curve:P-384'],
    ] as const) {
      await inDirectory(async (dir) => {
        const key = ['-newkey', kind[0], '-pkeyopt', kind[1], '-nodes', '-keyout', 'root.key.pem'];
        await openssl(dir, 'req', '-x509', ...key, '-subj', '/O=Old', '-out', 'root.cert.pem');
        const leaf = await issueLeaf(await loadAuthority(dir, 'root'), CLIENT);
        await writeFile(join(dir, 'leaf.pem'), leaf.chainPem);
        expect(await openssl(dir, 'verify', '-CAfile', 'root.cert.pem', 'leaf.pem')).to.equal('leaf.pem: OK\n');
      });
    }
  });

  const REFUSED: readonly (readonly [what: string, change: Partial<LeafRequest>, message: string])[] = [
    ['no subject', { subject: {} }, 'a certificate without a subject; give --o or --cn'],
    ['an empty O', { subject: { o: '' } }, '--o "": give 1 to 64 printable characters'],
    ['a control character', { subject: { cn: 'a\nb' } }, '--cn "a\\nb": give 1 to 64 printable characters'],
    ['a long CN', { subject: { cn: 'x'.repeat(65) } }, `--cn "${'x'.repeat(65)}": give 1 to 64 printable characters`],
    [
      'a server without a name',
      { role: 'server' },
      'a server certificate without a name; give --dns or --ip, or clients cannot check whom they reached',
    ],
    [
      'a DNS name with a port',
      { names: { dns: ['a:1'], ip: [] } },
      '--dns "a:1": not a host name; write it in ASCII (punycode), without a port',
    ],
    ['no address', { names: { dns: [], ip: ['1.2.3'] } }, '--ip "1.2.3": not an IPv4 or IPv6 address'],
    [
      'no SPIFFE id',
      { names: { dns: [], ip: [], spiffe: 'spiffe://a/../b' } },
      '--spiffe "spiffe://a/../b": not a SPIFFE id; write spiffe://TRUST-DOMAIN/PATH',
    ],
    ['no days', { days: 0 }, '--days 0: give 1 to 3650'],
  ];
  for (const [what, change, message] of REFUSED) {
    it(`refuses ${what}`, async () => {
      await withRoot(async (root) => {
        const failure = await failureOf(() => issueLeaf(root, { ...CLIENT, ...change }));
        expect(failure).to.include({ exitCode: 2, message });
      });
    });
  }
});
