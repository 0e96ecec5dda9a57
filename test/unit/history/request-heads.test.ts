import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_HEAD_BYTES, NO_HEAD, RequestHeads } from '../../../proxy/telemetry/calls/request-heads.js';

describe('the heads of requests', () => {
  it('are there in full up to their bound, or gone, and never another’s', () => {
    const message = fc.uint8Array({ maxLength: 2 * MAX_HEAD_BYTES });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), fc.integer({ min: 0, max: 8_192 }), (messages, bytes) => {
        const heads = new RequestHeads(bytes);
        const kept = messages.map((one) => ({ one, at: heads.keep(Buffer.from(one)) }));
        for (const { one, at } of kept) {
          const found = heads.of(at);
          if (found !== undefined) expect([...found]).to.deep.equal([...one.subarray(0, MAX_HEAD_BYTES)]);
        }
        const last = kept.at(-1);
        if (last !== undefined) expect(heads.of(last.at)).not.to.equal(undefined);
      }),
    );
  });

  it('of none there is none', () => {
    expect(new RequestHeads(4_096).of(NO_HEAD)).to.equal(undefined);
  });
});
