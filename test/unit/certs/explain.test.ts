import { X509Certificate } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseCredential } from '../../../certs/credential.js';
import { explainCertificate } from '../../../certs/explain.js';
import { showSurvey } from '../../../certs/show.js';
import { signCertificate } from '../../../certs/sign.js';
import { surroundingsOf, surveyFile } from '../../../certs/survey.js';
import { DAY_MS } from '../../../certs/validity.js';
import { extension, RawAuthority } from '../../support/raw-authority.js';
import { failureOf, inDirectory, makeOldPki, openssl } from './workspace.js';

const NAMELESS =
  'neither CN nor SAN: Envoy does not load it as a server certificate; as a client certificate it is fine';

describe('explaining a certificate of the old scripts (O only, no CN, SAN or EKU, any order, EC PARAMETERS)', () => {
  const ORDERS: readonly (readonly string[])[] = [
    ['old.key.pem', 'old.cert.pem'],
    ['old.cert.pem', 'old.key.pem'],
  ];
  for (const order of ORDERS) {
    it(`reads ${order.join(' then ')}`, async () => {
      await inDirectory(async (dir) => {
        await makeOldPki(dir, 'gateway-7');
        const text = (await Promise.all(order.map((name) => readFile(join(dir, name), 'latin1')))).join('');
        expect(text)
          .to.match(/BEGIN EC PARAMETERS/)
          .and.to.match(/BEGIN EC PRIVATE KEY/);
        const path = join(dir, 'old.pkeycert.pem');
        await writeFile(path, text, { mode: 0o600 });
        const survey = await surveyFile(path, await surroundingsOf(dir));
        expect(survey).to.deep.include({ privateKey: 'of the certificate', warnings: [] });
        const [facts] = survey.certificates;
        expect(facts).to.deep.include({
          subject: 'O=gateway-7',
          issuer: 'O=Old Lab',
          uses: ['client'],
          signedBy: 'root',
        });
        expect(facts?.warnings).to.deep.equal([NAMELESS]);
        const { keyPem, chainPem } = parseCredential(text, path);
        expect(keyPem).to.match(/^-----BEGIN EC PRIVATE KEY-----/);
        expect(chainPem).to.equal(await readFile(join(dir, 'old.cert.pem'), 'latin1'));
      });
    });
  }

  it('gives the serial number and fingerprint that openssl gives', async () => {
    await inDirectory(async (dir) => {
      await makeOldPki(dir, 'x');
      const facts = explainCertificate(new X509Certificate(await readFile(join(dir, 'old.cert.pem'))));
      const theirs = await openssl(dir, 'x509', '-in', 'old.cert.pem', '-noout', '-serial', '-fingerprint', '-sha256');
      const [serial, fingerprint] = theirs
        .split('\n')
        .map((line) => line.split('=')[1]?.toLowerCase().replaceAll(':', ''));
      expect(facts.serial).to.equal(serial?.replace(/^0+/, ''));
      expect(facts.fingerprint)
        .to.equal(fingerprint)
        .and.to.match(/^[0-9a-f]{64}$/);
    });
  });
});

describe('explainCertificate', () => {
  it('says what openssl says of usages, key and names of every kind', async () => {
    await inDirectory(async (dir) => {
      const names = 'DNS:a.b,IP:10.0.0.1,IP:2001:db8::1,URI:spiffe://t/x,email:a@b.c,RID:1.2.3';
      const extensions = [
        ['-addext', `subjectAltName=${names}`],
        ['-addext', 'keyUsage=digitalSignature,keyAgreement,decipherOnly'],
        ['-addext', 'extendedKeyUsage=serverAuth,clientAuth,1.2.3.4'],
        ['-addext', 'basicConstraints=CA:FALSE'],
      ].flat();
      const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'k.pem'];
      await openssl(dir, 'req', '-x509', ...key, '-subj', '/O=x', ...extensions, '-days', '99', '-out', 'c.pem');
      expect(explainCertificate(new X509Certificate(await readFile(join(dir, 'c.pem'))))).to.deep.include({
        names: { dns: ['a.b'], ip: ['10.0.0.1', '2001:db8::1'], uri: ['spiffe://t/x'], email: ['a@b.c'], others: 1 },
        keyUsages: ['digitalSignature', 'keyAgreement', 'decipherOnly'],
        extendedKeyUsages: ['serverAuth', 'clientAuth', '1.2.3.4'],
        key: 'RSA 2048',
        uses: ['server', 'client'],
        warnings: [],
      });
    });
  });

  it('warns before and after the end, and before the beginning', async () => {
    const { certificatePem } = await signCertificate({ subject: { cn: 'x' }, days: 100, extensions: [] });
    const certificate = new X509Certificate(certificatePem);
    const at = (days: number) => explainCertificate(certificate, Date.now() + days * DAY_MS).warnings[0] ?? '';
    expect(at(0)).to.match(/^no DNS or IP name: /);
    expect(at(90)).to.equal('expires in 9 days; issue another');
    expect(at(101)).to.equal('expired: Envoy refuses it; issue another');
    expect(at(-1)).to.match(/^not valid before .*: Envoy refuses it until then$/);
  });

  it('warns of short and SHA-1 signed keys, and of usages that fit nothing', async () => {
    await inDirectory(async (dir) => {
      const extensions = ['-addext', 'keyUsage=keyEncipherment', '-addext', 'basicConstraints=CA:FALSE'];
      const key = ['-newkey', 'rsa:1024', '-nodes', '-keyout', 'k.pem'];
      await openssl(
        dir,
        'req',
        '-x509',
        ...key,
        '-sha1',
        '-subj',
        '/CN=x',
        ...extensions,
        '-days',
        '99',
        '-out',
        'c.pem',
      );
      expect(explainCertificate(new X509Certificate(await readFile(join(dir, 'c.pem')))).warnings).to.deep.equal([
        'its usages allow neither server nor client; issue another',
        'an RSA key of 1024 bits: too short; issue another with an EC key',
        'signed with SHA-1; issue another',
      ]);
    });
  });
});

describe('surveyFile', () => {
  it('shows what it can of a certificate with a damaged extension, for which OpenSSL has no use either', async () => {
    const cases = [
      ['2.5.29.17', Buffer.of(0x30, 0x05, 0x82), 'its subject alternative names cannot be read (DER ends early)'],
      ['2.5.29.15', Buffer.of(), 'its key usage cannot be read (DER ends early)'],
    ] as const;
    await inDirectory(async (dir) => {
      const authority = new RawAuthority();
      await writeFile(join(dir, 'root.pem'), authority.certificate);
      for (const [oid, value, fault] of cases) {
        const { certificate } = authority.issue({ subject: [['2.5.4.3', 'x']], extensions: [extension(oid, value)] });
        const path = join(dir, 'x.pem');
        await writeFile(path, certificate);
        const [facts] = (await surveyFile(path, await surroundingsOf(dir))).certificates;
        expect(facts).to.deep.include({ subject: 'CN=x', uses: [] });
        expect(facts?.warnings).to.deep.equal([`${fault}: Envoy and OpenSSL refuse it; issue another`]);
        const verified = openssl(dir, 'verify', '-CAfile', 'root.pem', 'x.pem').then(
          () => 'taken',
          () => 'refused',
        );
        expect(await verified).to.equal('refused');
      }
      await writeFile(join(dir, 'x.pem'), authority.issue({ subject: [['2.5.4.3', 'x']] }).certificate);
      await openssl(dir, 'verify', '-CAfile', 'root.pem', 'x.pem');
    });
  });

  it("warns when others can read a key, when it is another's, and when nobody here signed the certificate", async () => {
    await inDirectory(async (dir) => {
      await makeOldPki(dir, 'x');
      const path = join(dir, 'odd.pem');
      await writeFile(
        path,
        (await readFile(join(dir, 'old.cert.pem'), 'latin1')) + (await readFile(join(dir, 'root.key.pem'), 'latin1')),
      );
      await chmod(path, 0o644);
      expect((await surveyFile(path, await surroundingsOf(dir))).warnings).to.deep.equal([
        "the private key is not the certificate's; put the right one in",
        `others can read the private key; chmod 600 ${path}`,
      ]);
      await inDirectory(async (other) => {
        await makeOldPki(other, 'x');
        const [facts] = (await surveyFile(join(other, 'old.cert.pem'), await surroundingsOf(dir))).certificates;
        expect(facts?.signedBy).to.equal(null);
        expect(facts?.warnings[0]).to.equal(
          `signed by no authority in ${dir}: an Envoy that trusts that root refuses it`,
        );
      });
    });
  });

  it('prints names from a stranger so that no terminal obeys them', async () => {
    await inDirectory(async (dir) => {
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'k.pem'];
      const name = ['-subj', '/CN=a\u001b[2J', '-addext', 'subjectAltName=URI:x:\u001b[31m'];
      await openssl(dir, 'req', '-x509', ...key, ...name, '-out', 'c.pem');
      const text = showSurvey(await surveyFile(join(dir, 'c.pem'), await surroundingsOf(dir))).join('\n');
      expect(text).to.include('CN=a\\1B[2J').and.to.include('URI x:\\x1b[31m');
      expect(text).not.to.include('\u001b');
    });
  });

  const BROKEN: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['no PEM', 'hello', /x\.pem: no PEM block in it; if it is DER, convert it with openssl x509 -inform DER$/],
    [
      'no certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      /x\.pem: line 1: not an X\.509 certificate; copy the file again$/,
    ],
    [
      'no key',
      'a\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      /x\.pem: line 2: not a private key that can be read; copy the file again$/,
    ],
    [
      'an encrypted key',
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n',
      /x\.pem: line 1: the key is encrypted; decrypt it with openssl pkey$/,
    ],
  ];
  for (const [what, text, message] of BROKEN) {
    it(`says where a file with ${what} is wrong`, async () => {
      await inDirectory(async (dir) => {
        await writeFile(join(dir, 'x.pem'), text);
        expect((await failureOf(() => surveyFile(join(dir, 'x.pem'), { dir, inForce: [] }))).message).to.match(message);
      });
    });
  }
});
