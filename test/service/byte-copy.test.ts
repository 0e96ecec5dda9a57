import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { ByteCopy } from '../../proxy/door/hop/byte-copy.js';
import { systemClock } from '../../proxy/ports/system-clock.js';
import { stands, until } from '../support/turns.js';

/** Two ends that a copy joins, each with the socket on which the copy has it. */
interface Joined {
  readonly client: Socket;
  readonly owner: Socket;
  readonly copy: ByteCopy;
}

describe('a copy of bytes', () => {
  let server: Server;
  let port: number;

  before(async () => {
    server = createServer({ allowHalfOpen: true });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  after(async () => {
    await once(server.close(), 'close');
  });

  async function end(): Promise<[own: Socket, far: Socket]> {
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
    const [own] = (await once(server, 'connection')) as [Socket];
    own.on('error', () => own.destroy());
    return [own, far];
  }

  async function joined(linger = 60_000): Promise<Joined> {
    const [[near, client], [line, owner]] = [await end(), await end()];
    return { client, owner, copy: new ByteCopy(near, line, linger, systemClock) };
  }

  async function all(from: Socket): Promise<Buffer> {
    const pieces: Buffer[] = [];
    from.on('data', (piece: Buffer) => pieces.push(piece));
    await once(from, 'end');
    return Buffer.concat(pieces);
  }

  it('loses, adds and reorders nothing, in either direction, to the last byte before an end', async () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, pieces, async (forth, back) => {
        const { client, owner, copy } = await joined();
        const sent = [forth, back].map((lengths, side) =>
          lengths.map((length, at) => Buffer.alloc(length, `${side}${at}`)),
        );
        const got = [all(owner), all(client)];
        for (const [from, one] of [[client, sent[0]] as const, [owner, sent[1]] as const]) {
          for (const piece of one ?? []) from.write(piece);
          from.end();
        }
        const [there, here] = await Promise.all(got);
        expect([there?.equals(Buffer.concat(sent[0] ?? [])), here?.equals(Buffer.concat(sent[1] ?? []))]).to.deep.equal(
          [...[true, true]],
        );
        await copy.over;
      }),
      { numRuns: 30 },
    );
  });

  it('holds no more than a stream and a read each way, while a side does not read', async () => {
    const { client, owner, copy } = await joined();
    owner.pause();
    const piece = Buffer.alloc(64 * 1024);
    let isHeld = false;
    for (let n = 0; n < 800; n += 1) isHeld = !client.write(piece) || isHeld;
    await stands(() => copy.waiting + client.bytesWritten - client.writableLength);
    expect([isHeld, client.writableLength > 1_000_000]).to.deep.equal([true, true]);
    expect(copy.waiting).to.be.at.most(4 * 64 * 1024);
    const got = all(owner);
    owner.resume();
    client.end();
    expect((await got).length).to.equal(800 * piece.length);
    owner.end();
    client.resume();
    await copy.over;
  });

  it('passes a half-close on: the other direction goes on for a time, and then both are cut', async () => {
    const { client, owner, copy } = await joined(200);
    const got = all(owner);
    client.end('last words');
    expect((await got).toString()).to.equal('last words');
    owner.write('an answer');
    expect(String((await once(client, 'data'))[0])).to.equal('an answer');
    const closed = Promise.all([once(owner.resume(), 'close'), once(client, 'close')]);
    await copy.over;
    owner.end();
    await closed;
  });

  it('cuts a side when the other breaks off or is reset, whichever it is', async () => {
    for (const [which, how] of [
      ['client', 'destroy'],
      ['owner', 'destroy'],
      ['client', 'resetAndDestroy'],
      ['owner', 'resetAndDestroy'],
    ] as const) {
      const pair = await joined();
      const other = which === 'client' ? pair.owner : pair.client;
      const ended = once(other.resume(), 'end');
      pair[which].write('x');
      await once(other, 'data');
      pair[which][how]();
      await ended;
      other.end();
      await pair.copy.over;
    }
  });

  it('is over at once where a side was gone before it began', async () => {
    const [[near, client], [line, owner]] = [await end(), await end()];
    near.destroy();
    await once(near, 'close');
    const copy = new ByteCopy(near, line, 60_000, systemClock);
    await copy.over;
    expect(line.destroyed).to.equal(true);
    for (const socket of [client, owner]) socket.destroy();
  });

  it('cuts both sides when nothing moves for a time, and only then', async () => {
    const { client, owner, copy } = await joined();
    const started = systemClock.steady();
    let isOver = false;
    void copy.over.then(() => {
      isOver = true;
    });
    for (let n = 0; n < 5; n += 1) {
      owner.write('ping');
      await once(client, 'data');
      copy.look(300);
    }
    await until(() => {
      copy.look(300);
      return isOver;
    });
    expect(systemClock.steady() - started).to.be.at.least(300);
    for (const socket of [client, owner]) socket.destroy();
  });
});
