import type { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import * as library from 'ws';
import { FastLane } from '../../../proxy/transport/fast-lane.js';
import { frame } from '../../support/frame-arbitrary.js';

/** ws exports its reader of frames; its type description does not. */
const { Receiver } = library as unknown as {
  readonly Receiver: new (options: Readonly<Record<string, unknown>>) => Writable;
};

const MAX_MESSAGE_BYTES = 6_000;

interface Reader {
  readonly events: string[];
  push(piece: Buffer): void;
}

/** The library alone, and its events in order. */
function alone(): Reader & { readonly receiver: Writable } {
  const events: string[] = [];
  const receiver = new Receiver({ isServer: true, maxPayload: MAX_MESSAGE_BYTES, maxFragments: 3 });
  receiver.on('message', (data: Buffer, binary: boolean) =>
    events.push(`message ${binary} ${data.toString('base64')}`),
  );
  receiver.on('ping', (data: Buffer) => events.push(`ping ${data.toString('base64')}`));
  receiver.on('pong', (data: Buffer) => events.push(`pong ${data.toString('base64')}`));
  receiver.on('conclude', (code: number) => events.push(`conclude ${code}`));
  receiver.on('error', (error: Error & { code?: string }) => events.push(`error ${error.code}`));
  return { events, receiver, push: (piece) => isLive(events) && receiver.write(piece) };
}

/** The library behind the fast lane. */
function behindLane(): Reader {
  const { events, receiver, push } = alone();
  const take = (data: Buffer, binary: boolean): void => {
    events.push(`message ${binary} ${data.toString('base64')}`);
  };
  const lane = new FastLane(MAX_MESSAGE_BYTES, {
    library: push,
    message: take,
    rest: () => {},
    pinged: () => false,
    goOn: () => {},
    ponged: (data) => events.push(`pong ${data.toString('base64')}`),
  });
  receiver.on('error', () => lane.stop());
  return { events, push: (piece) => lane.read(piece) };
}

/** ws reads no more after a close frame or a fault. */
function isLive(events: readonly string[]): boolean {
  return !/^(conclude|error)/.test(events.at(-1) ?? '');
}

describe('the fast lane before the library', () => {
  it('makes no difference to what is read, whatever comes and however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { maxLength: 12 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3_000 })), {
          minLength: 1,
          maxLength: 8,
        }),
        async (frames, sizes) => {
          const bytes = Buffer.concat(frames);
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
});
