import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeList, encodeList, type RevocationList, revokedEntry } from '../../../certs/crl.js';
import { encodeElement } from '../../../certs/der.js';
import { CertsFailure } from '../../../certs/failure.js';
import { REASONS, type Reason } from '../../../certs/reason.js';

const EC = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const OTHER = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const ISSUER = encodeElement(0x30);
const isReason = (name: string): name is Reason => name in REASONS;

const second = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));
const entry = fc.record({
  serial: fc.bigInt({ min: 1n, max: 2n ** 159n }).map((value) => value.toString(16)),
  since: second,
  reason: fc.constantFrom(...Object.keys(REASONS).filter(isReason)),
});

describe('revocation lists', () => {
  it('are read as they were written, whatever is revoked', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 20 }),
        second,
        second,
        fc.bigInt({ min: 1n, max: 2n ** 80n }),
        (...drawn) => {
          const [revoked, thisUpdate, nextUpdate, number] = drawn;
          const entries = revoked.map(({ serial, since, reason }) => revokedEntry(serial, since, reason));
          const list: RevocationList = { issuer: ISSUER, number, thisUpdate, nextUpdate, entries };
          const back = decodeList(encodeList(list, EC.privateKey, 'abcd'), 'x');
          expect(back.entries.map(({ serial, since, reason }) => ({ serial, since, reason }))).to.deep.equal(revoked);
          expect({ number: back.number, thisUpdate: back.thisUpdate, nextUpdate: back.nextUpdate }).to.deep.equal({
            number,
            thisUpdate,
            nextUpdate,
          });
          expect(back.isSignedBy(EC.publicKey)).to.equal(true);
          expect(back.isSignedBy(OTHER.publicKey)).to.equal(false);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are refused by name when damaged, at whichever byte', () => {
    const entries = [revokedEntry('1f', new Date(0), 'keyCompromise')];
    const der = encodeList({ issuer: ISSUER, number: 7n, thisUpdate: new Date(0), entries }, EC.privateKey, undefined);
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(der, (byte, index) => (index === at ? byte ^ flip : byte));
        try {
          expect(decodeList(damaged, 'x').isSignedBy(EC.publicKey)).to.equal(false);
        } catch (error) {
          expect(error).to.be.instanceOf(CertsFailure);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are refused when cut short', () => {
    const der = encodeList(
      { issuer: ISSUER, number: 1n, thisUpdate: new Date(0), entries: [] },
      EC.privateKey,
      undefined,
    );
    for (const length of [0, 1, 10, der.length - 1]) {
      expect(() => decodeList(der.subarray(0, length), 'x.pem')).to.throw(
        CertsFailure,
        /x\.pem: the X509 CRL block is damaged/,
      );
    }
  });
});
