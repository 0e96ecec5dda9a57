import { expect } from 'chai';
import fc from 'fast-check';
import { DerFault } from '../../../../proxy/x509/encoding/der.js';
import { listsIn } from '../../../../proxy/x509/lists/crl.js';
import { authoritiesIn } from '../../../../proxy/x509/lists/crl-authorities.js';
import { integer, oid, pem, sequence, tlv } from '../../../support/der-writer.js';
import { extension, RawAuthority } from '../../../support/raw-authority.js';
import { ed25519, rsaPss } from '../../../support/signing.js';

const authority = new RawAuthority([
  ['2.5.4.10', 'Acme'],
  ['2.5.4.3', 'Root'],
]);
const trusted = authoritiesIn(authority.certificate);

function faultOf(file: Buffer, authorities = trusted): string {
  try {
    listsIn(file, authorities);
  } catch (error) {
    if (error instanceof DerFault) return error.message;
    throw error;
  }
  return 'none';
}

describe('revocation list', () => {
  it('reads issuer, times and serial numbers, from PEM and DER', () => {
    const thisUpdate = new Date('2026-01-02T03:04:05Z');
    const nextUpdate = new Date('2060-01-02T03:04:05Z');
    const der = authority.revoke({ serials: ['0A', '00ff', '80'], thisUpdate, nextUpdate });
    const expected = {
      issuer: 'CN=Root,O=Acme',
      thisUpdate: thisUpdate.getTime() / 1000,
      nextUpdate: nextUpdate.getTime() / 1000,
      serials: new Set(['a', 'ff', '80']),
      scope: { certificates: 'all', points: undefined },
    };
    expect(listsIn(der, trusted)).to.deep.equal({ lists: [expected], strangers: [], content: der });
    const text = `a comment\n${pem('X509 CRL', der)}${pem('X509 CRL', authority.revoke({ serials: [] }))}`;
    const { lists } = listsIn(Buffer.from(text), trusted);
    expect(lists[0]).to.deep.equal(expected);
    expect(lists[1]?.serials.size).to.equal(0);
  });

  it('is refused when another authority signed it, by name or by key', () => {
    const list = authority.revoke({ serials: ['1'] });
    const namesake = new RawAuthority([
      ['2.5.4.10', 'Acme'],
      ['2.5.4.3', 'Root'],
    ]);
    expect(faultOf(list, authoritiesIn(namesake.certificate))).to.equal(
      'the list of "CN=Root,O=Acme": its signature is not the authority’s',
    );
    expect(listsIn(list, authoritiesIn(new RawAuthority().certificate)).lists).to.deep.equal([]);
    expect(listsIn(list, undefined).lists).to.have.length(1);
    expect(listsIn(list, authoritiesIn(namesake.certificate + authority.certificate)).lists).to.have.length(1);
  });

  it('of an authority that is not known is left out and named, whatever it is', () => {
    const other = new RawAuthority([['2.5.4.3', 'Other']]);
    const ours = pem('X509 CRL', authority.revoke({ serials: ['1'] }));
    const [whole, delta, cut] = [
      other.revoke({ serials: ['1'] }),
      other.revoke({ serials: ['1'], extensions: [extension('2.5.29.27', integer('01'), true)] }),
      sequence(sequence(integer('01'), sequence(oid('1.2.3')), sequence()), sequence(oid('1.2.3')), tlv(3)),
    ].map((der) => pem('X509 CRL', der));
    const read = (file: string) => {
      const { lists, strangers, content } = listsIn(Buffer.from(file), trusted);
      return { issuers: lists.map(({ issuer }) => issuer), strangers, content: content.toString() };
    };
    const issuers = ['CN=Root,O=Acme'];
    expect(read(`${whole}${ours}`)).to.deep.equal({ issuers, strangers: ['CN=Other'], content: `${whole}${ours}` });
    expect(read(`${delta}${ours}`)).to.deep.equal({ issuers, strangers: ['CN=Other'], content: ours });
    expect(read(`${ours}${cut}`)).to.deep.equal({ issuers, strangers: [''], content: ours });
    expect(read(`${whole}`)).to.deep.equal({ issuers: [], strangers: ['CN=Other'], content: whole });
  });

  const idp = (...parts: Buffer[]): Buffer => extension('2.5.29.28', sequence(...parts), true);
  const flag = (number: number): Buffer => tlv(0x80 | number, Buffer.from([255]));
  const points = (...names: string[]): Buffer =>
    tlv(0xa0, tlv(0xa0, ...names.map((name) => tlv(0x86, Buffer.from(name)))));

  for (const [what, extensions, scope] of [
    ['about everything', [idp()], { certificates: 'all', points: undefined }],
    ['about users', [idp(flag(1))], { certificates: 'users', points: undefined }],
    ['about authorities', [idp(flag(2))], { certificates: 'authorities', points: undefined }],
    ['at a distribution point', [idp(points('u:a'))], { certificates: 'all', points: ['8603753a61'] }],
    [
      'at two, of users',
      [idp(points('u:a', 'u:b'), flag(1))],
      { certificates: 'users', points: ['8603753a61', '8603753a62'] },
    ],
    [
      'numbered, with a key identifier',
      [extension('2.5.29.20', integer('01'))],
      { certificates: 'all', points: undefined },
    ],
  ] as const) {
    it(`is taken: ${what}`, () => {
      const [read] = listsIn(authority.revoke({ serials: ['1'], extensions }), trusted).lists;
      expect(read?.scope).to.deep.equal(scope);
      expect(read?.serials.has('1')).to.equal(true);
    });
  }

  for (const [what, extensions, fault] of [
    ['a delta', [extension('2.5.29.27', integer('01'), true)], 'it is a delta list'],
    ['a delta that does not say so critically', [extension('2.5.29.27', integer('01'))], 'it is a delta list'],
    ['indirect', [idp(flag(4))], 'it is an indirect list'],
    ['for some reasons', [idp(tlv(0x83, Buffer.from([6, 0x40])))], 'it is a list for some reasons only'],
    ['of attribute certificates', [idp(flag(5))], 'it is a list of attribute certificates'],
    ['at a relative point', [idp(tlv(0xa0, tlv(0xa1)))], 'named relative to its issuer'],
    ['with what nobody knows', [extension('1.2.3.4', integer('01'), true)], 'critical extension 1.2.3.4'],
    ['with an extension twice', [idp(), idp()], 'stands there twice'],
  ] as const) {
    it(`is refused by name: ${what}`, () => {
      const told = faultOf(authority.revoke({ serials: [], extensions }));
      expect(told).to.match(/^the list of "CN=Root,O=Acme": /);
      expect(told).to.contain(fault);
    });
  }

  for (const [what, way, fault] of [
    ['Ed25519', ed25519, 'none'],
    ['RSA-PSS with SHA-256', rsaPss('sha256', 32), 'none'],
    ['RSA-PSS with SHA-384', rsaPss('sha384', 48), 'none'],
    ['RSA-PSS with SHA-512', rsaPss('sha512', 64), 'none'],
    [
      'RSA-PSS with a short salt',
      rsaPss('sha256', 20),
      'a salt of 20 bytes is not supported: with sha256 it must have 32',
    ],
    ['RSA-PSS with SHA-1', rsaPss('sha1', 20), 'RSA-PSS with digest 1.3.14.3.2.26 is not supported'],
    ['RSA-PSS with two digests', rsaPss('sha256', 32, 'sha512'), 'another digest in its mask'],
  ] as const) {
    it(`signed by ${what}: ${fault === 'none' ? 'is taken, and not when it was changed' : 'is refused by name'}`, () => {
      const signer = new RawAuthority(undefined, way);
      const der = signer.revoke({ serials: ['1'] });
      expect(faultOf(der, authoritiesIn(signer.certificate))).to.contain(fault);
      if (fault !== 'none') return;
      der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
      expect(faultOf(der, authoritiesIn(signer.certificate))).to.contain('its signature is not the authority’s');
    });
  }

  const list = authority.revoke({ serials: ['1', '2'] });
  const text = pem('X509 CRL', list);
  for (const [what, file, fault] of [
    ['empty', '', 'no whole X509 CRL'],
    ['garbage', 'garbage', 'no whole X509 CRL'],
    ['a certificate', authority.certificate, 'no whole X509 CRL'],
    ['half a PEM', text.slice(0, -40), 'no whole X509 CRL'],
    ['a good one and half a PEM', text + text.slice(0, -40), 'no whole X509 CRL'],
    ['PEM with a hole', text.replace(/\n.{4}/, '\n'), ''],
    ['not base64', text.replace(/\n.{4}/, '\n-*-/'), 'no whole X509 CRL'],
    ['half a DER', list.subarray(0, -1), 'DER ends early'],
    ['DER and more', Buffer.concat([list, Buffer.from([0])]), 'the list has bytes behind its end'],
    ['another structure', sequence(sequence(oid('1.2.3'))), 'the list is cut off'],
    [
      'two algorithms',
      Buffer.from(list.toString('hex').replace('2a8648ce3d040302', '2a8648ce3d040303'), 'hex'),
      'two signature algorithms',
    ],
  ] as const) {
    it(`is refused: ${what}`, () => {
      const told = faultOf(Buffer.from(file));
      expect(told).not.to.equal('none');
      expect(told).to.contain(fault);
    });
  }

  it('property: one changed byte is a fault or makes it a stranger’s, never another list nor another exception', () => {
    fc.assert(
      fc.property(fc.nat(list.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(list);
        changed[at] = (changed[at] ?? 0) ^ change;
        const told = faultOf(changed);
        if (told === 'none') expect(listsIn(changed, trusted).lists).to.deep.equal([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('100,000 entries are read in well under a second of processor time', () => {
    const serials = Array.from({ length: 100_000 }, (_, i) => `7f${i.toString(16).padStart(30, '0')}`);
    const file = Buffer.from(pem('X509 CRL', authority.revoke({ serials })));
    const before = process.cpuUsage();
    const [read] = listsIn(file, trusted).lists;
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).to.be.below(1000);
    expect(read?.serials.size).to.equal(100_000);
    expect(read?.serials.has(serials[99_999] ?? '')).to.equal(true);
  });
});
