import { once } from 'node:events';
import type { Socket as RawSocket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { acceptor } from '../../../proxy/transport/accept.js';
import { Line, UPGRADE } from '../../support/client-line.js';
import { frame } from '../../support/core-client.js';

const BOUNDS = { maxMessageBytes: 6_000, helloMaxBytes: 6_000, maxFragments: 3, closeTimeout: 30 };
const NOTHING = Buffer.alloc(0);

function closePayload(code: number, reason: string): Buffer {
  return Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason)]);
}

/** Every code near a bound, and any reason, also one that is no UTF-8. */
const code = fc.oneof(
  fc.constantFrom(0, 999, 1000, 1003, 1004, 1005, 1006, 1007, 1014, 1015, 2999, 3000, 4999, 5000),
  fc.nat(0xffff),
);
const payload = fc.oneof(
  fc.constantFrom(NOTHING, Buffer.of(3)),
  fc.tuple(code, fc.string({ maxLength: 30, unit: 'grapheme' })).map(([one, reason]) => closePayload(one, reason)),
  fc.tuple(code, fc.uint8Array({ maxLength: 20 })).map(([one, bytes]) => Buffer.concat([closePayload(one, ''), bytes])),
);
const close = payload.filter(({ length }) => length <= 125).map((one) => frame(0x88, one));

interface Outcome {
  readonly line: Line;
  readonly told: string[];
  close(): void;
}

/** The library alone. */
function alone(): Outcome {
  const line = new Line();
  const told: string[] = [];
  const options = { noServer: true, clientTracking: false, maxPayload: BOUNDS.maxMessageBytes, closeTimeout: 30 };
  let library: WebSocket | undefined;
  new WebSocketServer(options as ServerOptions).handleUpgrade(UPGRADE, line as unknown as RawSocket, NOTHING, (ws) => {
    ws.on('error', () => {});
    ws.on('close', (one: number, reason: Buffer) => told.push(`${one} ${one === 1006 ? '' : reason.toString()}`));
    library = ws;
  });
  return { line, told, close: () => library?.close(1001, 'bye') };
}

function ours(): Outcome {
  const line = new Line();
  const told: string[] = [];
  const socket = acceptor(BOUNDS)(UPGRADE, line as unknown as RawSocket, NOTHING);
  const closed = (_label: string, one: number, reason: string): void => void told.push(`${one} ${reason}`);
  socket?.listen({ message: () => {}, pong: () => {}, progress: () => {}, closed });
  return { line, told, close: () => socket?.close(1001, 'bye') };
}

/** Lets the client send the bytes, in two pieces, and this end close before or after. */
async function play(
  { line, told, close }: Outcome,
  bytes: Buffer,
  cut: number,
  who: 'client' | 'both' | 'proxy first',
) {
  if (who === 'proxy first') close();
  await turn();
  line.push(Buffer.from(bytes.subarray(0, cut)));
  await turn();
  if (!line.destroyed) line.push(Buffer.from(bytes.subarray(cut)));
  await turn();
  if (who === 'both') close();
  await turn();
  const { writableEnded } = line;
  if (!line.destroyed) line.push(null);
  line.destroy();
  for (let count = 0; count < 6; count += 1) await turn();
  return { told, writableEnded, answers: line.frames };
}

describe('the close of an accepted websocket', () => {
  it('is told, answered and ended as the library alone would, whatever its code and reason', async () => {
    const who = fc.constantFrom('client' as const, 'both' as const, 'proxy first' as const);
    await fc.assert(
      fc.asyncProperty(close, fc.nat(40), who, async (bytes, cut, how) => {
        const expected = await play(alone(), bytes, cut, how);
        const { told, ...seen } = await play(ours(), bytes, cut, how);
        // An answer that comes in pieces is nobody's news: this end has told its own reason.
        const isWhole = how !== 'proxy first' || cut >= bytes.length || cut === 0;
        expect({ told: isWhole ? told : expected.told, ...seen }).to.deep.equal(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('of this end waits for the answer behind whatever the client still sends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 200 }), { maxLength: 4 }), async (texts) => {
        const { line, close: begin, told } = ours();
        begin();
        for (const text of texts) line.push(frame(0x81, text));
        await turn();
        expect([line.frames, line.writableEnded]).to.deep.equal([['88 03e9'], false]);
        line.push(frame(0x88, closePayload(1001, 'bye')));
        await once(line, 'close');
        await turn();
        await turn();
        expect([line.frames, line.writableEnded, told]).to.deep.equal([['88 03e9'], true, ['1001 bye']]);
      }),
      { numRuns: 200 },
    );
  });

  it('drops a client that does not answer, and one that does not go after its answer', async () => {
    const silent = ours();
    silent.close();
    await once(silent.line, 'close');
    const stays = ours();
    stays.line.push(frame(0x88, closePayload(1000, 'done')));
    await once(stays.line, 'close');
    await turn();
    await turn();
    expect(silent.told).to.deep.equal(['1006 ']);
    expect(stays.told).to.deep.equal(['1000 done']);
  });
});
