import { expect } from 'chai';
import { readHead, readLength } from '../../../proxy/transport/frames/frame-head.js';

describe('the head of a frame [RFC 6455 §5.2]', () => {
  const cases = [
    { input: [0x81, 0x85, 1, 2, 3, 4], head: { bytes: 6, length: 5, isMasked: true } },
    { input: [0x81, 0x05], head: { bytes: 2, length: 5, isMasked: false } },
    { input: [0x82, 0xfe, 0x01, 0x00, 1, 2, 3, 4], head: { bytes: 8, length: 256, isMasked: true } },
    {
      input: [0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4],
      head: { bytes: 14, length: 2 ** 32 + 2, isMasked: true },
    },
  ];
  for (const { input, head } of cases) {
    it(`is read with a length of ${head.length}, and not before all of it is there`, () => {
      expect(readHead(Buffer.from([0, ...input]), 1)).to.deep.equal(head);
      for (let length = 0; length < input.length; length += 1) {
        expect(readHead(Buffer.from(input.slice(0, length)), 0)).to.equal(undefined);
      }
    });

    it(`has a length of ${head.length} before its mask has come, and not before all of the length is there`, () => {
      const mask = head.isMasked ? 4 : 0;
      for (let length = 0; length <= input.length; length += 1) {
        const isThere = length >= input.length - mask;
        expect(readLength(Buffer.from(input.slice(0, length)), 0)).to.equal(isThere ? head.length : undefined);
      }
    });
  }
});
