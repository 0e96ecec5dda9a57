import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { FastLane } from '../../../proxy/transport/fast-lane.js';

/** The text that reached the reader: messages of the fast lane, and bytes that were left to the library. */
interface Reading {
  readonly messages: string[];
  readonly library: Buffer;
}

const MAX_BYTES = 1024;

/** A lane whose library only listens. */
function laneOf(): { readonly lane: FastLane; readonly reading: () => Reading } {
  const messages: string[] = [];
  const left: Buffer[] = [];
  const library = (piece: Buffer): void => {
    left.push(Buffer.from(piece));
  };
  const take = (data: Buffer, binary: boolean): void => {
    messages.push(`${binary ? 'binary' : 'text'} ${data.toString('latin1')}`);
  };
  const lane = new FastLane(MAX_BYTES, {
    library,
    message: take,
    ponged: (data) => messages.push(`pong ${data.toString('latin1')}`),
    rest: () => {},
    pinged: () => false,
    concluded: () => false,
    goOn: () => {},
  });
  return { lane, reading: () => ({ messages, library: Buffer.concat(left) }) };
}

/** Runs the pieces through a lane, all in one turn of the event loop. */
function read(pieces: readonly Buffer[]): Reading {
  const { lane, reading } = laneOf();
  for (const piece of pieces) lane.read(Buffer.from(piece));
  return reading();
}

async function readByTurns(pieces: readonly Buffer[]): Promise<Reading> {
  const { lane, reading } = laneOf();
  for (const piece of pieces) {
    lane.read(Buffer.from(piece));
    await turn();
  }
  return reading();
}

function frame(first: number, payload: Buffer, { mask = Buffer.from([1, 2, 3, 4]), long = false } = {}): Buffer {
  const { length } = payload;
  const head =
    length < 126 && !long
      ? Buffer.from([first, 0x80 | length])
      : Buffer.from([first, 0x80 | 126, length >> 8, length & 0xff]);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0))]);
}

/** Cuts the bytes at these places, in tenths of a thousandth of the whole. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => Math.floor((place * bytes.length) / 10_000)), bytes.length].sort(
    (a, b) => a - b,
  );
  let from = 0;
  return ends.map((end) => {
    const piece = bytes.subarray(from, end);
    from = end;
    return piece;
  });
}

const mask = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes));
const payload = fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes.map((byte) => byte & 0x7f)));
const places = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 6 });

describe('the fast lane', () => {
  it('gives every whole short message, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ payload, mask, binary: fc.boolean(), long: fc.boolean() })),
        places,
        (sent, cuts) => {
          const bytes = Buffer.concat(sent.map((one) => frame(one.binary ? 0x82 : 0x81, one.payload, one)));
          const { messages, library } = read(cut(bytes, cuts));
          expect(messages).to.deep.equal(
            sent.map((one) => `${one.binary ? 'binary' : 'text'} ${one.payload.toString('latin1')}`),
          );
          expect(library).to.have.length(0);
        },
      ),
    );
  });

  it('leaves every other byte to the library, in order and unchanged', () => {
    const other = fc.oneof(
      payload.map((one) => Buffer.concat([frame(0x01, one), frame(0x80, one)])),
      payload.map((one) => frame(0x82, Buffer.concat([one, Buffer.alloc(MAX_BYTES + 1)]))),
      payload.map((one) => frame(0x89, one.subarray(0, 125))),
    );
    fc.assert(
      fc.property(fc.array(other), places, (frames, cuts) => {
        const bytes = Buffer.concat(frames);
        const { messages, library } = read(cut(bytes, cuts));
        expect(messages).to.deep.equal([]);
        expect(library.equals(bytes)).to.equal(true);
      }),
    );
  });

  it('takes over again in the turn after a long message, and not before the library could find it wrong', async () => {
    const long = frame(0x82, Buffer.alloc(MAX_BYTES + 1));
    const short = frame(0x81, Buffer.from('short'));
    expect(read([long, short]).messages).to.deep.equal([]);
    expect((await readByTurns([long, short])).messages).to.deep.equal(['text short']);
    expect((await readByTurns([Buffer.concat([long, short]), short])).messages).to.deep.equal(['text short']);
  });

  it('gives the library what was kept of a frame when the connection is closed', () => {
    const half = frame(0x81, Buffer.from('half')).subarray(0, -1);
    const { lane, reading } = laneOf();
    lane.read(Buffer.from(half));
    expect(reading().library).to.have.length(0);
    lane.closed(false);
    expect(reading().library.equals(half)).to.equal(true);
    lane.read(Buffer.from('the library reads this itself'));
    expect(reading().library.equals(half)).to.equal(true);
  });

  it('reads on after a ping in the same piece', () => {
    const ping = frame(0x89, Buffer.from('?'));
    const short = frame(0x81, Buffer.from('short'));
    const { messages, library } = read([Buffer.concat([short, ping, short])]);
    expect(messages).to.deep.equal(['text short', 'text short']);
    expect(library.equals(ping)).to.equal(true);
  });

  it('reads a pong itself, also between the fragments of a message', async () => {
    const pong = frame(0x8a, Buffer.from('!'));
    const first = frame(0x01, Buffer.from('a'));
    const { messages, library } = await readByTurns([
      pong,
      first,
      pong,
      Buffer.concat([pong, frame(0x80, Buffer.from('b'))]),
    ]);
    expect(messages).to.deep.equal(['pong !', 'pong !', 'pong !']);
    expect(library.equals(Buffer.concat([first, frame(0x80, Buffer.from('b'))]))).to.equal(true);
  });

  it('leaves data frames between fragments to the library, whatever piece they come in', async () => {
    const first = frame(0x01, Buffer.from('a'));
    const whole = frame(0x81, Buffer.from('wrong here'));
    const last = frame(0x80, Buffer.from('b'));
    expect((await readByTurns([first, whole])).messages).to.deep.equal([]);
    expect((await readByTurns([first, last, whole])).messages).to.deep.equal(['text wrong here']);
  });

  it('gives text that is not UTF-8 back to the library as it came [RFC 6455 §8.1]', () => {
    const bad = frame(0x81, Buffer.concat([Buffer.alloc(40, 'x'), Buffer.from([0xc3, 0x28])]));
    const { messages, library } = read([bad]);
    expect(messages).to.deep.equal([]);
    expect(library.equals(bad)).to.equal(true);
  });

  for (const [what, bytes] of [
    ['an unmasked frame', Buffer.from([0x81, 0x01, 0x61])],
    ['reserved bits', frame(0xc1, Buffer.from('a'))],
    ['an unknown opcode', frame(0x83, Buffer.from('a'))],
    ['a ping that is too long', frame(0x89, Buffer.alloc(126))],
    ['a ping whose length is written too long', frame(0x89, Buffer.alloc(1), { long: true })],
  ] as const) {
    it(`leaves ${what} to the library with everything behind it`, () => {
      const rest = frame(0x81, Buffer.from('behind'));
      const { messages, library } = read([Buffer.concat([bytes, rest])]);
      expect(messages).to.deep.equal([]);
      expect(library.equals(Buffer.concat([bytes, rest]))).to.equal(true);
    });
  }

  it('gives nothing more after a close frame, of which the library gets every byte', async () => {
    const close = frame(0x88, Buffer.from([0x03, 0xe8]));
    const late = frame(0x81, Buffer.from('late'));
    for (const pieces of [[close], [...close].map((byte) => Buffer.from([byte]))]) {
      const { messages, library } = await readByTurns([...pieces, late]);
      expect(messages).to.deep.equal([]);
      expect(library.equals(close)).to.equal(true);
    }
  });
});
