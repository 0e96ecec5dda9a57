import { expect } from 'chai';
import fc from 'fast-check';
import { encodeElement, encodeInteger, encodeOid, encodeTime } from '../../../certs/der.js';
import {
  bufferOf,
  contentOf,
  dottedOid,
  type Element,
  elementAt,
  epochSeconds,
  hexInteger,
} from '../../../proxy/x509/encoding/der.js';

/** Reads one element that must be all of the bytes. */
function only<T>(bytes: Uint8Array, read: (der: Buffer, element: Element) => T): T {
  const der = bufferOf(bytes);
  const element = elementAt(der, 0);
  expect(element.end).to.equal(der.length);
  return read(der, element);
}

describe('DER, as it is written', () => {
  it('integers of any length are read back, positive', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 2000n }), (value) => {
        expect(only(encodeInteger(value), hexInteger)).to.equal(value.toString(16));
      }),
    );
  });

  it('object identifiers are read back', () => {
    const dotted = fc
      .tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 39 }), fc.array(fc.nat(), { maxLength: 8 }))
      .map(([root, second, rest]) => [root, second, ...rest].join('.'));
    fc.assert(
      fc.property(fc.oneof(dotted, fc.constantFrom('2.5.29.20', '2.999.3', '1.2.840.113549.1.1.11')), (oid) => {
        expect(only(encodeOid(oid), dottedOid)).to.equal(oid);
      }),
    );
  });

  it('times are read back, on both sides of 2050', () => {
    const seconds = fc.integer({ min: Date.UTC(1970, 0, 1) / 1000, max: Date.UTC(2200, 0, 1) / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        expect(only(encodeTime(new Date(second * 1000)), epochSeconds)).to.equal(second);
      }),
    );
  });

  it('lengths have one, two and three bytes', () => {
    for (const length of [0, 127, 128, 255, 256, 70_000]) {
      expect(only(encodeElement(0x30, new Uint8Array(length)), contentOf).length).to.equal(length);
    }
  });
});
