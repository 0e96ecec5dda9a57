import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
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
