import { expect } from 'chai';
import fc from 'fast-check';
import { LongMessage } from '../../../proxy/transport/frames/long-message.js';

const MASK = Buffer.from([1, 2, 3, 200]);

function masked(payload: Uint8Array): Buffer {
  return Buffer.from(payload.map((byte, at) => byte ^ (MASK[at & 3] ?? 0)));
}

/** Passes the payload in pieces of these lengths, each with other bytes before and behind it. */
function fed(payload: Uint8Array, lengths: readonly number[]): { message: LongMessage; head: Buffer } {
  const head = Buffer.concat([Buffer.from([0x82, 0xfe, payload.length >> 8, payload.length & 0xff]), MASK]);
  const message = new LongMessage(head, payload.length);
  const input = masked(payload);
  for (let at = 0, count = 0; at < input.length; count += 1) {
    const next = Math.min(input.length, at + (lengths[count % lengths.length] ?? 1));
    const before = Buffer.alloc(count % 5, 7);
    const piece = Buffer.concat([
      before,
      input.subarray(at, next),
      ...(next === input.length ? [Buffer.from('more')] : []),
    ]);
    expect(message.isWhole).to.equal(false);
    expect(message.take(piece, before.length)).to.equal(before.length + next - at);
    at = next;
  }
  return { message, head };
}

describe('a long message', () => {
  it('is its payload without the mask, however it is cut, and can be had as it came', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 4_000 }),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 9 }),
        (payload, lengths) => {
          const { message, head } = fed(payload, lengths);
          expect(message.isWhole).to.equal(true);
          expect(message.payload().equals(payload)).to.equal(true);
          expect(message.original().equals(Buffer.concat([head, masked(payload)]))).to.equal(true);
        },
      ),
    );
  });

  it('that comes byte by byte is held together, not as thousands of pieces', () => {
    const payload = Buffer.alloc(9_000, 'abcdefg');
    const { message } = fed(payload, [1]);
    expect(message.payload().equals(payload)).to.equal(true);
  });

  it('of which a part has come is that part', () => {
    const head = Buffer.concat([Buffer.from([0x82, 0xfe, 0x20, 0]), MASK]);
    const message = new LongMessage(head, 0x2000);
    message.take(masked(Buffer.from('a part')), 0);
    expect(message.isWhole).to.equal(false);
    expect(message.original().equals(Buffer.concat([head, masked(Buffer.from('a part'))]))).to.equal(true);
  });
});
