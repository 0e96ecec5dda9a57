import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { identityOfCertificate } from '../../../proxy/x509/identity-of-certificate.js';
import { RawAuthority } from '../../support/raw-authority.js';

const CN = '2.5.4.3';
const authority = new RawAuthority([[CN, 'Root']]);

describe('identity of a certificate', () => {
  it('agrees with node:crypto on fingerprint, serial and expiry', () => {
    const notAfter = new Date('2051-02-28T12:34:56Z');
    const { der } = authority.issue({ subject: [[CN, 'x']], serial: '00c0ffee', notAfter });
    const node = new X509Certificate(der);
    const read = identityOfCertificate(der);
    expect(read).to.have.property('ok');
    if (!('ok' in read)) return;
    expect(read.ok.fingerprint).to.equal(node.fingerprint256.replaceAll(':', '').toLowerCase());
    expect(read.ok.serial).to.equal(node.serialNumber.toLowerCase());
    expect(read.ok.notAfter).to.equal(Date.parse(node.validTo) / 1000);
    expect(read.ok.issuer).to.equal('CN=Root');
  });

  it('keeps SANs apart by kind and in order', () => {
    const names = [{ uri: 'urn:b' }, { dns: 'b.example' }, { email: 'a@b' }, { uri: 'urn:a' }, { dns: 'a.example' }];
    const read = identityOfCertificate(authority.issue({ subject: [], names }).der);
    expect('ok' in read && [read.ok.uris, read.ok.dns, read.ok.subject, read.ok.fields]).to.deep.equal([
      ['urn:b', 'urn:a'],
      ['b.example', 'a.example'],
      '',
      [],
    ]);
  });

  it('property: bytes changed or cut off anywhere are a fault or an identity, never an exception', () => {
    const { der } = authority.issue({ subject: [[CN, 'x']], names: [{ uri: 'spiffe://a/b' }] });
    const at = fc.nat(der.length - 1);
    fc.assert(
      fc.property(at, fc.nat(255), at, (where, byte, end) => {
        const changed = Buffer.from(der);
        changed[where] = byte;
        identityOfCertificate(changed);
        identityOfCertificate(changed.subarray(0, end));
      }),
      { numRuns: 3000 },
    );
  });
});
