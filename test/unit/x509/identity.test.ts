import { expect } from 'chai';
import { bearerOf } from '../../../proxy/x509/identity.js';
import { identity } from '../../support/fixtures.js';

const ID = 'spiffe://mesh.example/ns/site/sa/gw-1';

describe('bearer of a certificate', () => {
  it('is one for all certificates of one SPIFFE id and subject, whoever of the mesh signed them', () => {
    const [one, renewed] = [
      identity({ uris: [ID], subject: '' }),
      identity({ uris: [ID], subject: '', issuer: 'serialNumber=2', dns: ['gw-1.example'] }),
    ];
    expect(one.fingerprint).not.to.equal(renewed.fingerprint);
    expect(bearerOf(one)).to.equal(bearerOf(renewed));
    expect(bearerOf(identity({ uris: [`${ID}0`], subject: '' }))).not.to.equal(bearerOf(one));
    expect(bearerOf(identity({ uris: [ID], subject: 'CN=another' }))).not.to.equal(bearerOf(one));
  });

  for (const [what, uris] of [
    ['no URI', []],
    ['a URI of another scheme', ['urn:x:gw-1']],
    ['a scheme that only begins alike', ['spiffes://mesh.example/x']],
    ['no authority', ['spiffe:gw-1']],
    ['more than one URI', [ID, 'spiffe://mesh.example/ns/site/sa/gw-2']],
    ['a SPIFFE id twice', [ID, ID]],
    ['one that is longer than a SPIFFE id may be', [`spiffe://mesh.example/${'x'.repeat(2048)}`]],
  ] as const) {
    it(`is the certificate alone where it has ${what}`, () => {
      const given = identity({ uris });
      expect(bearerOf(given)).to.equal(given.fingerprint);
    });
  }
});
