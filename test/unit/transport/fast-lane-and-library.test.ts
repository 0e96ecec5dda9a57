import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { frame } from '../../support/frame-arbitrary.js';
import { alone, behindLane } from '../../support/frame-readers.js';

describe('the fast lane before the library', () => {
  it('makes no difference to what is read, whatever comes, however it is cut and wherever it ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { maxLength: 12 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3_000 })), {
          minLength: 1,
          maxLength: 8,
        }),
        // Bytes that the last frame lacks.
        fc.nat(12),
        async (frames, sizes, lacking) => {
          const whole = Buffer.concat(frames);
          const bytes = whole.subarray(0, Math.max(0, whole.length - lacking));
          const readers = [alone(), behindLane()] as const;
          for (let at = 0, count = 0; at < bytes.length; count += 1) {
            const end = at + (sizes[count % sizes.length] ?? 1);
            for (const reader of readers) reader.push(Buffer.from(bytes.subarray(at, end)));
            at = end;
            await turn();
          }
          expect(readers[1].events).to.deep.equal(readers[0].events);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('makes no difference to when a message is too long: with its length, before its mask', async () => {
    const { events, push } = behindLane();
    push(Buffer.from([0x81, 0xfe, 0x17, 0x71]));
    await turn();
    expect(events).to.deep.equal(['error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH']);
  });
});
