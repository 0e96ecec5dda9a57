import { expect } from 'chai';
import fc from 'fast-check';
import { unmask } from '../../../proxy/transport/frames/unmask.js';

const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });

describe('taking the mask off', () => {
  it('is an exclusive or with the repeated mask, wherever the payload lies, and touches nothing else', () => {
    fc.assert(
      fc.property(
        bytes(40),
        bytes(300),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        bytes(9),
        (before, payload, mask, after) => {
          const buffer = Buffer.concat([before, mask, payload, after]);
          const from = before.length + 4;
          unmask(buffer, from, payload.length, buffer, before.length);
          const plain = payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0));
          expect(buffer.equals(Buffer.concat([before, mask, plain, after]))).to.equal(true);
        },
      ),
    );
  });

  it('puts it on again when it is done twice', () => {
    fc.assert(
      fc.property(bytes(300), fc.integer({ min: 0, max: 7 }), (payload, offset) => {
        const buffer = Buffer.concat([Buffer.alloc(offset), Buffer.from([9, 8, 7, 6]), payload]);
        const before = Buffer.from(buffer);
        for (let time = 0; time < 2; time += 1) unmask(buffer, offset + 4, payload.length, buffer, offset);
        expect(buffer.equals(before)).to.equal(true);
      }),
    );
  });
});
