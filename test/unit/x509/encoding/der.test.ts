import { expect } from 'chai';
import fc from 'fast-check';
import { bufferOf, children, DerFault, type Element, elementAt, wholeOf } from '../../../../proxy/x509/encoding/der.js';

describe('DER, as it is read', () => {
  it('splits any bytes without losing one, or refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const der = bufferOf(bytes);
        const all: Element = { tag: 0x30, at: 0, start: 0, end: der.length };
        try {
          const joined = Buffer.concat(children(der, all).map((element) => wholeOf(der, element)));
          expect([...joined]).to.deep.equal([...bytes]);
        } catch (error) {
          expect(error).to.be.instanceOf(DerFault);
        }
      }),
    );
  });

  it('refuses lengths and tags that DER does not have, and elements past their limit', () => {
    for (const [hex, fault] of [
      ['', 'DER ends early'],
      ['30', 'DER ends early'],
      ['3001', 'DER ends early'],
      ['3080', 'DER has a length that cannot be'],
      ['30850000000000', 'DER has a length that cannot be'],
      ['3081', 'DER has a length that cannot be'],
      ['1f0100', 'DER has a tag of several bytes'],
    ] as const) {
      expect(() => elementAt(Buffer.from(hex, 'hex'), 0), hex).to.throw(DerFault, fault);
    }
    expect(() => elementAt(Buffer.from('300100', 'hex'), 0, 2)).to.throw(DerFault, 'DER ends early');
  });
});
