import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { dissect } from '../../../certs/anatomy.js';
import { encodeElement, encodeOid } from '../../../certs/der.js';
import { formatName } from '../../../certs/name.js';
import { signCertificate } from '../../../certs/sign.js';
import { inDirectory, openssl } from './workspace.js';

/** A name of one part for each `[oid, tag, content]`. */
function nameOf(...parts: readonly (readonly [oid: string, tag: number, content: Uint8Array])[]): Uint8Array {
  const sets = parts.map(([oid, tag, content]) =>
    encodeElement(0x31, encodeElement(0x30, encodeOid(oid), encodeElement(tag, content))),
  );
  return encodeElement(0x30, ...sets);
}

describe('formatName (RFC 4514)', () => {
  const SUBJECTS = [
    { o: 'Micronets' },
    { o: 'Micronets', cn: 'manager' },
    { o: 'Ačme, "Inc"; <x>=y\\ + #1', cn: ' both ends ' },
    { o: '#lead', cn: '日本 🙂' },
    { cn: ' ' },
  ];
  it('writes subjects exactly as OpenSSL (and so Envoy) does', async () => {
    await inDirectory(async (dir) => {
      for (const subject of SUBJECTS) {
        const { certificatePem } = await signCertificate({ subject, days: 1, extensions: [] });
        await writeFile(join(dir, 'c.pem'), certificatePem);
        const theirs = await openssl(dir, 'x509', '-in', 'c.pem', '-noout', '-subject', '-nameopt', 'RFC2253');
        const ours = formatName(dissect(new X509Certificate(certificatePem).raw).subject);
        expect(`subject=${ours}\n`).to.equal(theirs);
      }
    });
  });

  it('writes multi-valued parts and every attribute that openssl has a short name for', async () => {
    await inDirectory(async (dir) => {
      const parts = [
        'C=AT',
        'ST=W',
        'L=Wien',
        'street=1',
        'O=a',
        'OU=b+UID=c',
        'DC=d',
        'emailAddress=e@f',
        'serialNumber=5',
      ];
      const subject = `/${[...parts, 'GN=g', 'SN=h', 'title=i', '1.2.3.4=j', 'CN=k'].join('/')}`;
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'k.pem'];
      await openssl(dir, 'req', '-x509', ...key, '-subj', subject, '-multivalue-rdn', '-out', 'c.pem');
      const theirs = await openssl(dir, 'x509', '-in', 'c.pem', '-noout', '-subject', '-nameopt', 'RFC2253');
      const pem = await openssl(dir, 'x509', '-in', 'c.pem');
      expect(`subject=${formatName(dissect(new X509Certificate(pem).raw).subject)}\n`).to.equal(theirs);
    });
  });

  it('reads every ASN.1 string type', () => {
    const utf16 = Buffer.from('č', 'utf16le').swap16();
    expect(formatName(nameOf(['2.5.4.10', 0x1e, utf16]))).to.equal('O=\\C4\\8D');
    expect(formatName(nameOf(['2.5.4.10', 0x1c, Buffer.of(0, 1, 0xf6, 0x42)]))).to.equal('O=\\F0\\9F\\99\\82');
    expect(formatName(nameOf(['2.5.4.10', 0x14, Buffer.of(0xe9)]))).to.equal('O=\\C3\\A9');
    expect(formatName(nameOf(['2.5.4.10', 0x1e, Buffer.of(0, 0x41, 0)]))).to.match(/^#[0-9A-F]+$/);
  });

  it('writes control characters so that no terminal or log obeys them', () => {
    expect(formatName(nameOf(['2.5.4.3', 0x0c, Buffer.from('a\u001b[2J\r\n\u0000')]))).to.equal(
      'CN=a\\1B[2J\\0D\\0A\\00',
    );
  });

  it('writes an empty name as nothing', () => {
    expect(formatName(nameOf())).to.equal('');
  });
});
