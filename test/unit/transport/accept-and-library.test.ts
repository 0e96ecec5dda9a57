import type { Socket as RawSocket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { acceptor } from '../../../proxy/transport/accept.js';
import { PIECE_COST } from '../../../proxy/transport/frames/long-message.js';
import { MAX_SLICE_BYTES } from '../../../proxy/transport/slice.js';
import { Line, UPGRADE } from '../../support/client-line.js';
import { frame } from '../../support/frame-arbitrary.js';

const BOUNDS = { maxMessageBytes: 6_000, helloMaxBytes: 6_000, maxFragments: 3, closeTimeout: 1_000 };
const NOTHING = Buffer.alloc(0);
/** A masked text frame without a payload. */
const EMPTY_MESSAGE = Buffer.from([0x81, 0x80, 0, 0, 0, 0]);

interface Reader {
  readonly line: Line;
  readonly events: readonly string[];
  pause(): void;
  resume(): void;
}

function alone(): Reader {
  const line = new Line();
  const events: string[] = [];
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: BOUNDS.maxMessageBytes,
    maxFragments: BOUNDS.maxFragments,
    closeTimeout: BOUNDS.closeTimeout,
  } as ServerOptions);
  let library: WebSocket | undefined;
  server.handleUpgrade(UPGRADE, line as unknown as RawSocket, NOTHING, (ws) => {
    ws.on('message', (data: Buffer, binary: boolean) => events.push(`message ${binary} ${data.toString('base64')}`));
    ws.on('pong', () => events.push('pong'));
    ws.on('ping', () => events.push('ping'));
    ws.on('error', () => {});
    library = ws;
  });
  return { line, events, pause: () => library?.pause(), resume: () => library?.resume() };
}

function accepted() {
  const line = new Line();
  const socket = acceptor(BOUNDS)(UPGRADE, line as unknown as RawSocket, NOTHING);
  socket?.allowFullSize();
  return { line, socket };
}

function ours(): Reader {
  const events: string[] = [];
  const { line, socket } = accepted();
  socket?.listen({
    message: (data, binary) => events.push(`message ${binary} ${data.toString('base64')}`),
    pong: () => events.push('pong'),
    ping: () => events.push('ping'),
    progress: () => {},
    closed: () => {},
  });
  return { line, events, pause: () => socket?.pause(), resume: () => socket?.resume() };
}

/** The events between two pieces of input. */
type Gap = 'turn' | 'nothing' | 'pause' | 'resume';
const gap = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Gap>('turn') },
  { weight: 3, arbitrary: fc.constant<Gap>('nothing') },
  { weight: 1, arbitrary: fc.constant<Gap>('pause') },
  { weight: 2, arbitrary: fc.constant<Gap>('resume') },
);
const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3_000 }));
const cuts = fc.array(fc.tuple(size, gap), { minLength: 1, maxLength: 12 });
const end = fc.constantFrom('stays', 'ends', 'breaks');

/** Plays the bytes to one reader in these pieces, and returns the outcome. */
async function play(reader: Reader, bytes: Buffer, pieces: readonly (readonly [number, Gap])[], how: string) {
  const { line, events } = reader;
  let at = 0;
  for (let count = 0; at < bytes.length; count += 1) {
    const [length, between] = pieces[count % pieces.length] ?? [1, 'turn'];
    if (!line.destroyed) line.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
    if (between === 'turn') await turn();
    else if (between !== 'nothing') reader[between]();
  }
  await leave(reader, how);
  await turn();
  await turn();
  line.destroy();
  return { events, answers: line.frames };
}

async function leave({ line, resume }: Reader, how: string): Promise<void> {
  if (how === 'breaks') {
    line.destroy();
    return;
  }
  resume();
  // A client that breaks a rule and goes at once may or may not get the close frame.
  await turn();
  if (how === 'ends' && !line.destroyed) line.push(null);
}

describe('an accepted websocket', () => {
  it('gives and answers what the library alone would, however the bytes come and however it ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 8 }), cuts, end, async (frames, pieces, how) => {
        const bytes = Buffer.concat(frames);
        const expected = await play(alone(), bytes, pieces, how);
        expect(await play(ours(), bytes, pieces, how)).to.deep.equal(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('tells how much of a message has come, whoever reads it', async () => {
    const { line, socket } = accepted();
    const come = async (...bytes: number[]): Promise<number | undefined> => {
      line.push(Buffer.from(bytes));
      await turn();
      return socket?.gathered;
    };
    const mask = [0, 0, 0, 0];
    expect(socket?.gathered).to.equal(0);
    expect(await come(0x82, 0x85, ...mask, 1, 2)).to.equal(8);
    expect(await come(3, 4, 5)).to.equal(0);
    expect(await come(0x82, 0xfe, 0x15, 0, ...mask, 1, 2, 3)).to.equal(3 + PIECE_COST);
    expect(await come(...Buffer.alloc(0x1500 - 3))).to.equal(0);
    // The library reads a message in fragments; each message keeps the reader that it began with.
    const withPongs = Buffer.concat([
      Buffer.from([0x02, 0x81, ...mask, 1]),
      ...Array(9_000).fill(Buffer.from([0x8a, 0x80, ...mask])),
    ]);
    expect(await come(...withPongs)).to.be.at.least(withPongs.length);
    expect(await come(0x80, 0x84, ...mask, 1)).to.be.at.least(withPongs.length + 2 * PIECE_COST);
    expect(await come(2, 3, 4)).to.equal(0);
    line.destroy();
  });

  it('answers a few pings in a turn itself, and leaves a flood to the library, which cuts it', async () => {
    const ping = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
    const few = accepted();
    few.line.push(Buffer.concat(Array(5).fill(ping)));
    await turn();
    expect(few.line.frames).to.deep.equal(Array(5).fill('8a '));
    few.line.destroy();
    const flood = accepted();
    flood.line.push(Buffer.concat(Array(500).fill(ping)));
    await turn();
    expect(flood.line.destroyed).to.equal(true);
    expect(flood.line.frames).to.have.length.below(100);
  });

  it('reads on to the answer after a close, however much comes before it and although it was paused', async () => {
    const { line, socket } = accepted();
    const labels: string[] = [];
    socket?.listen({ message: () => {}, pong: () => {}, progress: () => {}, closed: (label) => labels.push(label) });
    await turn();
    socket?.pause();
    for (let piece = 0; piece < 6; piece += 1)
      line.push(Buffer.concat(Array(Math.ceil(MAX_SLICE_BYTES / 12)).fill(EMPTY_MESSAGE)));
    line.push(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]));
    socket?.close(1001, 'bye');
    for (let count = 0; count < 20; count += 1) await turn();
    expect(line.readableLength).to.equal(0);
    expect(line.frames).to.deep.equal(['88 03e9']);
    line.push(null);
    for (let count = 0; count < 5; count += 1) await turn();
    expect(labels).to.deep.equal(['closed_by_peer']);
  });

  it('rests for a turn when very much comes at once, and stays paused where its owner paused it', async () => {
    const { line, pause, resume } = ours();
    await turn();
    const flood = (): void => void line.push(Buffer.concat(Array(MAX_SLICE_BYTES / 4).fill(EMPTY_MESSAGE)));
    flood();
    expect(line.readableFlowing).to.equal(false);
    await turn();
    await turn();
    expect(line.readableFlowing).to.equal(true);
    flood();
    pause();
    await turn();
    await turn();
    expect(line.readableFlowing).to.equal(false);
    resume();
    expect(line.readableFlowing).to.equal(true);
    line.destroy();
  });
});
