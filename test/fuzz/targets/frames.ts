import { setImmediate as turn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { alone, behindLane } from '../../support/frame-readers.js';
import { broken, type Target } from '../target.js';

const MAX_BYTES = 16_384;
/** Sizes of the pieces in which the bytes come, by what they begin with. */
const PIECES = [1, 7, 100, MAX_BYTES];

/** Frames after the 101: with the fast lane before it, the library says of any bytes what it says alone. */
export const frames: Target = {
  name: 'frames',
  maxBytes: MAX_BYTES,
  words: [
    '\x81\x80\x01\x02\x03\x04',
    '\x88\x82\0\0\0\0\x03\xe8',
    '\x89\x80\0\0\0\0',
    '\x01\x80\0\0\0\0',
    '\x82\xfe',
    '\x81\xff\0\0',
  ],
  open: () => ({
    run: async (input) => {
      const size = PIECES[(input[0] ?? 0) % PIECES.length] ?? 1;
      const readers = [alone(), behindLane()] as const;
      for (let at = 0; at < input.length; at += size) {
        for (const reader of readers) reader.push(Buffer.from(input.subarray(at, at + size)));
        await turn();
      }
      if (!isDeepStrictEqual(readers[1].events, readers[0].events)) broken('the fast lane reads something else');
    },
  }),
};
