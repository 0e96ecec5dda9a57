import { expect } from 'chai';
import fc from 'fast-check';
import { authoritiesIn, listsIn } from '../../../proxy/policy/crl.js';
import { DerFault } from '../../../proxy/wire/der.js';
import { integer, oid, pem, sequence } from '../../support/der-writer.js';
import { extension, RawAuthority } from '../../support/raw-authority.js';

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
    };
    expect(listsIn(der, trusted)).to.deep.equal([expected]);
    const text = `a comment\n${pem('X509 CRL', der)}${pem('X509 CRL', authority.revoke({ serials: [] }))}`;
    const lists = listsIn(Buffer.from(text), trusted);
    expect(lists[0]).to.deep.equal(expected);
    expect(lists[1]?.serials.size).to.equal(0);
  });

  it('is refused when another authority signed it, by name or by key', () => {
    const list = authority.revoke({ serials: ['1'] });
    const namesake = new RawAuthority([
      ['2.5.4.10', 'Acme'],
      ['2.5.4.3', 'Root'],
    ]);
    expect(faultOf(list, authoritiesIn(namesake.certificate))).to.equal('its signature is not the authority’s');
    expect(faultOf(list, authoritiesIn(new RawAuthority().certificate))).to.equal(
      'its issuer is none of the authorities given',
    );
    expect(listsIn(list, undefined)).to.have.length(1);
    expect(listsIn(list, authoritiesIn(namesake.certificate + authority.certificate))).to.have.length(1);
  });

  it('of an authority that is not known is left out and told, as long as another list is left', () => {
    const other = new RawAuthority([['2.5.4.3', 'Other']]);
    const [ours, theirs] = [authority, other].map((one) => pem('X509 CRL', one.revoke({ serials: ['1'] })));
    const told: string[] = [];
    const read = (file: string) => listsIn(Buffer.from(file), trusted, (issuer) => told.push(issuer));
    expect(read(`${theirs}${ours}`).map(({ issuer }) => issuer)).to.deep.equal(['CN=Root,O=Acme']);
    expect(told).to.deep.equal(['CN=Other']);
    expect(() => read(`${theirs}`)).to.throw(DerFault, 'its issuer is none of the authorities given');
    expect(faultOf(Buffer.from(`${theirs}${ours}`))).to.equal('its issuer is none of the authorities given');
  });

  it('is refused when it is a part only: a delta, an indirect or a partitioned list', () => {
    const delta = extension('2.5.29.27', integer('01'), true);
    expect(faultOf(authority.revoke({ serials: [], extensions: [delta] }))).to.contain('critical extension 2.5.29.27');
    const number = extension('2.5.29.20', integer('01'));
    expect(faultOf(authority.revoke({ serials: [], extensions: [number] }))).to.equal('none');
  });

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

  it('property: one changed byte is a fault, never another list nor another exception', () => {
    fc.assert(
      fc.property(fc.nat(list.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(list);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(faultOf(changed)).not.to.equal('none');
      }),
      { numRuns: 1000 },
    );
  });

  it('100,000 entries are read in well under a second of processor time', () => {
    const serials = Array.from({ length: 100_000 }, (_, i) => `7f${i.toString(16).padStart(30, '0')}`);
    const file = Buffer.from(pem('X509 CRL', authority.revoke({ serials })));
    const before = process.cpuUsage();
    const [read] = listsIn(file, trusted);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).to.be.below(1000);
    expect(read?.serials.size).to.equal(100_000);
    expect(read?.serials.has(serials[99_999] ?? '')).to.equal(true);
  });
});
