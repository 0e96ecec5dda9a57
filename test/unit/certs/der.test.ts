import { expect } from 'chai';
import fc from 'fast-check';
import {
  decodeInteger,
  decodeOid,
  decodeTime,
  encodeElement,
  encodeInteger,
  encodeOid,
  encodeTime,
  readElements,
} from '../../../certs/der.js';
import { DerFault } from '../../../proxy/x509/encoding/der.js';

describe('DER', () => {
  it('reads the integers that it writes, of any length', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 2000n }), (value) => {
        const [element] = readElements(encodeInteger(value));
        expect(element && decodeInteger(element.content)).to.equal(value);
        expect((element?.content[0] ?? 0) < 0x80, 'positive').to.equal(true);
      }),
    );
  });

  it('reads the object identifiers that it writes', () => {
    const dotted = fc
      .tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 39 }), fc.array(fc.nat(), { maxLength: 8 }))
      .map(([root, second, rest]) => [root, second, ...rest].join('.'));
    fc.assert(
      fc.property(fc.oneof(dotted, fc.constantFrom('2.5.29.20', '2.999.3', '1.2.840.113549.1.1.11')), (oid) => {
        const [element] = readElements(encodeOid(oid));
        expect(element && decodeOid(element.content)).to.equal(oid);
      }),
    );
  });

  it('reads the times that it writes, on both sides of 2050', () => {
    const seconds = fc.integer({ min: Date.UTC(1970, 0, 1) / 1000, max: Date.UTC(2200, 0, 1) / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const [element] = readElements(encodeTime(new Date(second * 1000)));
        expect(element && decodeTime(element).getTime()).to.equal(second * 1000);
      }),
    );
  });

  it('splits any bytes without losing one, or refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          const joined = Buffer.concat(readElements(bytes).map(({ encoded }) => encoded));
          expect([...joined]).to.deep.equal([...bytes]);
        } catch (error) {
          expect(error).to.be.instanceOf(DerFault);
        }
      }),
    );
  });

  it('writes lengths of one, two and three bytes', () => {
    for (const length of [0, 127, 128, 255, 256, 70_000]) {
      const [element, ...rest] = readElements(encodeElement(0x30, new Uint8Array(length)));
      expect(element?.content.length).to.equal(length);
      expect(rest).to.deep.equal([]);
    }
  });
});
