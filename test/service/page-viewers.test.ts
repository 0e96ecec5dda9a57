import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { ANSWER_TIMEOUT, Answers } from '../../proxy/page/answers.js';
import { FakeClock } from '../support/fake-clock.js';
import { ask } from '../support/peers.js';

/** Bytes that exceed the buffers of a loopback connection. */
const BIG = 'x'.repeat(16 * 1024 * 1024);

describe('viewers of the page that do not read', () => {
  const clock = new FakeClock();
  const answers = new Answers(clock, (error) => expect.fail(String(error)), 2);
  const stalled: Socket[] = [];
  let server: Server;
  let port: number;
  let made = 0;

  before(async () => {
    server = createServer((_, response) =>
      answers.json(response, async () => {
        made += 1;
        return BIG;
      }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    for (const socket of stalled) socket.destroy();
    server.closeAllConnections();
    server.close();
  });

  async function stall(): Promise<void> {
    const socket = connect(port, '127.0.0.1');
    stalled.push(socket);
    socket.on('error', () => {});
    socket.pause();
    const asked = once(server, 'request');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked;
  }

  it('cost one answer each, up to a bound, and above it nothing is made', async () => {
    await stall();
    await stall();
    expect([answers.open, made]).to.deep.equal([2, 2]);
    const { status, headers } = await ask(`http://127.0.0.1:${port}/`);
    expect([status, headers['retry-after']]).to.deep.equal([503, '1']);
    expect([answers.open, made]).to.deep.equal([2, 2]);
  });

  it('are dropped after a while, and there is room again', async () => {
    clock.advance(ANSWER_TIMEOUT);
    while (answers.open > 0) await new Promise(setImmediate);
    expect(clock.timers).to.equal(0);
    const { status, body } = await ask(`http://127.0.0.1:${port}/`);
    expect([status, body.length]).to.deep.equal([200, BIG.length + 2]);
    while (answers.open > 0) await new Promise(setImmediate);
    expect(clock.timers).to.equal(0);
  });
});

describe('answers of the page that go wrong', () => {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const answers = new Answers(clock, (error) => faults.push(error), 2);
  /** What the next answer does. */
  let make: (isGone: () => boolean) => Promise<unknown> = async () => 'made';
  let server: Server;
  let url: string;
  let port: number;

  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/begun') response.writeHead(200).write('x');
      answers.json(response, (isGone) => make(isGone));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    url = `http://127.0.0.1:${port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('have their place until they are made, though their asker is gone, and are told of that', async () => {
    let isGone = (): boolean => false;
    const ends: ((value: string) => void)[] = [];
    make = (isAskerGone) => {
      isGone = isAskerGone;
      return new Promise((resolve) => ends.push(resolve));
    };
    for (const place of [1, 2]) {
      const socket = connect(port, '127.0.0.1');
      const asked = once(server, 'request');
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      const [, response] = (await asked) as [unknown, ServerResponse];
      expect([answers.open, isGone()]).to.deep.equal([place, false]);
      const closed = once(response, 'close');
      socket.destroy();
      await closed;
      expect([answers.open, isGone()]).to.deep.equal([place, true]);
    }
    expect((await ask(url)).status).to.equal(503);
    for (const end of ends) end('late');
    while (answers.open > 0) await new Promise(setImmediate);
    expect([clock.timers, faults]).to.deep.equal([0, []]);
  });

  it('cost themselves alone, whether they cannot be made, written as JSON or sent', async () => {
    make = async () => {
      throw new Error('not made');
    };
    expect((await ask(url)).status).to.equal(500);
    make = async () => 1n;
    expect((await ask(url)).status).to.equal(500);
    make = async () => 'made';
    const cut = await ask(`${url}/begun`).catch(({ code }: { readonly code: string }) => code);
    expect(cut).to.equal('ECONNRESET');
    while (answers.open > 0) await new Promise(setImmediate);
    expect(faults.map((fault) => (fault as Error).message).join()).to.match(/not made.*BigInt.*headers/);
  });
});
