import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { TLSSocket, connect as tlsConnect } from 'node:tls';
import { expect } from 'chai';
import fc from 'fast-check';
import { FrameWriter } from '../../../proxy/transport/frame-writer.js';
import { RawAuthority } from '../../support/raw-authority.js';

/** Two ends of a real connection. */
interface Line {
  readonly near: Socket;
  readonly far: Socket;
  readonly writer: FrameWriter;
  /** Bytes that the far end must get. */
  readonly expected: Buffer[];
}

function frame(first: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  if (length < 65_536) return Buffer.concat([Buffer.from([first, 126, length >> 8, length & 0xff]), payload]);
  const head = Buffer.alloc(10);
  head.set([first, 127]);
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

describe('what goes out to a connection', () => {
  let folder = '';
  let server: Server;
  const open: Socket[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wsp-out-'));
    server = createServer().listen(join(folder, 's'));
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy();
    server.close();
    await rm(folder, { recursive: true });
  });

  async function line(written: () => void = () => {}): Promise<Line> {
    const far = connect(join(folder, 's'));
    const [near]: Socket[] = await once(server, 'connection');
    if (near === undefined) throw new Error('no connection');
    open.push(near, far.pause());
    return { near, far, writer: new FrameWriter(near, { written }), expected: [] };
  }

  function send({ writer, expected }: Line, payload: Buffer, binary: boolean): void {
    writer.add(payload, binary);
    expected.push(frame(binary ? 0x82 : 0x81, payload));
  }

  async function arrives({ far, expected }: Line): Promise<void> {
    const all = Buffer.concat(expected);
    const got: Buffer[] = [];
    let bytes = 0;
    far.on('data', (piece: Buffer) => {
      got.push(piece);
      bytes += piece.length;
    });
    far.resume();
    while (bytes < all.length) await once(far, 'data');
    far.removeAllListeners('data');
    far.pause();
    expect(Buffer.concat(got).equals(all)).to.equal(true);
    expected.length = 0;
  }

  it('is every message as one unmasked frame, in order, however the sends of several connections mix', async () => {
    const lines = [await line(), await line(), await line()];
    const message = fc.record({
      to: fc.integer({ min: 0, max: 2 }),
      length: fc.oneof(
        fc.integer({ max: 300, min: 0 }),
        fc.constantFrom(125, 126, 8_192, 8_193, 65_535, 65_536, 200_000),
      ),
      fill: fc.integer({ min: 0, max: 255 }),
      binary: fc.boolean(),
      ends: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 60 }), async (messages) => {
        for (const { to, length, fill, binary, ends } of messages) {
          const one = lines[to];
          if (one !== undefined) send(one, Buffer.alloc(length, fill), binary);
          if (ends) await turn();
        }
        await Promise.all(lines.map((one) => (one.expected.length > 0 ? arrives(one) : undefined)));
      }),
      { numRuns: 60 },
    );
  });

  it('waits for a reader that is stuck while others go on, and is not mixed up with theirs', async () => {
    const stuck = await line();
    const lively = await line();
    for (let round = 0; round < 2_000; round += 1) {
      send(stuck, Buffer.alloc(1_000, round), true);
      send(lively, Buffer.alloc(500, round), false);
      await turn();
      if (round % 100 === 99) await arrives(lively);
    }
    expect(stuck.writer.backlog).to.be.greaterThan(1_000_000);
    await arrives(stuck);
  });

  it('counts what waits with what each write costs, and nothing once it was taken', async () => {
    let writes = 0;
    const one = await line(() => {
      writes += 1;
    });
    expect(one.writer.backlog).to.equal(0);
    send(one, Buffer.from('short'), false);
    expect(one.writer.backlog).to.equal(2 + 'short'.length);
    await turn();
    await arrives(one);
    expect(one.writer.backlog).to.equal(0);
    expect(writes).to.equal(1);
    while (one.near.writableLength === 0) {
      send(one, Buffer.alloc(0), false);
      send(one, Buffer.alloc(60_000), true);
      await turn();
    }
    const before = one.writer.backlog;
    send(one, Buffer.alloc(0), false);
    await turn();
    expect(one.writer.backlog).to.equal(before + 2 + 200);
  });

  it('is one write for a message alone, over TLS too, and its end is told once', async () => {
    const [plain, secure] = [await line(), await line()];
    const { certificate: cert, key } = new RawAuthority().issue({ subject: [['2.5.4.3', 'service']] });
    const near = new TLSSocket(secure.near, { isServer: true, cert, key });
    const far = tlsConnect({ socket: secure.far, rejectUnauthorized: false });
    await once(far, 'secureConnect');
    open.push(near, far.pause());
    const over = async (by: Socket, to: Socket): Promise<readonly [number, number]> => {
      let [writes, told] = [0, 0];
      const write = by.write.bind(by) as (...given: readonly unknown[]) => boolean;
      by.write = (...given: readonly unknown[]) => {
        writes += 1;
        return write(...given);
      };
      const done = new Promise<void>((resolve) => {
        const written = (): void => {
          told += 1;
          resolve();
        };
        const one = { near: by, far: to, writer: new FrameWriter(by, { written }), expected: [] };
        send(one, Buffer.from('alone'), false);
        void arrives(one);
      });
      await done;
      await turn();
      return [writes, told];
    };
    expect(await over(plain.near, plain.far)).to.deep.equal([1, 1]);
    expect(await over(near, far)).to.deep.equal([1, 1]);
  });

  it('is written before whatever is written after it was sealed', async () => {
    const one = await line();
    send(one, Buffer.from('first'), false);
    one.writer.seal();
    one.near.write('second');
    one.expected.push(Buffer.from('second'));
    await arrives(one);
  });
});
