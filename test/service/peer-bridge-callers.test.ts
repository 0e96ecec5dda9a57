import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { type PeerWay, startPeerWay } from '../support/http-way.js';
import { exchange, type RawApi, startRawApi } from '../support/raw-api.js';

const PLACES = 2;

describe('a bridge whose callers do not behave', () => {
  let api: RawApi;
  let way: PeerWay;
  let port: number;
  /** Connections on which the API owes an answer: without it the gateway's places are taken until its deadline. */
  let owed: Socket[];

  before(async () => {
    api = await startRawApi();
    way = await startPeerWay(new URL(`http://127.0.0.1:${api.port}`), { bridge: PLACES, gateway: PLACES });
    port = Number(new URL(way.http).port);
    await way.pair();
  });

  after(async () => {
    await way.stop();
    api.stop();
  });

  async function opened(bytes: string): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    await new Promise<void>((resolve) => socket.write(bytes, 'latin1', () => resolve()));
    return socket;
  }

  const calling = (): Promise<string> =>
    exchange(port, 'GET /after HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');

  /** Checks that every place is free: that many callers are served at once. A place is free once the bridge knows that its caller left. */
  async function servesAll(): Promise<void> {
    const answer = (socket: Socket): void => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    api.reply = answer;
    for (const socket of owed) answer(socket);
    for (;;) {
      const all = await Promise.all(Array.from({ length: PLACES }, calling));
      if (all.some((one) => one.includes('"too_many"') || one.includes('"busy"'))) continue;
      for (const one of all) expect(one).to.match(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s);
      return;
    }
  }

  for (const [what, bytes] of [
    ['CONNECT', 'CONNECT example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['CONNECT and more', `CONNECT example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n${'x'.repeat(100_000)}`],
    ['an upgrade', 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['nothing', ''],
    ['half a head', 'GET / HTTP/1.1\r\nHost: loc'],
    ['a head over 16 KiB', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['a whole request', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['ten requests at once', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10)],
    ['half a body', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf'],
    ['half a chunk', 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhalf'],
    ['a chunk that is none', 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a body that waits', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n'],
    ['another expectation', 'GET / HTTP/1.1\r\nHost: localhost\r\nExpect: more\r\n\r\n'],
    ['a body that is too big', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\nx'],
  ] as const) {
    it(`lives on, with all its places, when callers send ${what} and reset the connection`, async () => {
      owed = [];
      api.reply = (socket) => owed.push(socket);
      for (let times = 0; times < 2 * PLACES; times += 1) {
        const now = await opened(bytes);
        now.resetAndDestroy();
        const later = await opened(bytes);
        // The bridge has read the other request when it has answered this one.
        await exchange(port, 'GET / HTTP/1.0\r\n\r\n');
        later.resetAndDestroy();
      }
      await servesAll();
    });
  }

  it('lets nobody who asked for a tunnel stay', async () => {
    owed = [];
    const sockets = await Promise.all(
      Array.from({ length: 8 * PLACES }, () => opened('CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n')),
    );
    await Promise.all(
      sockets.map((socket) => {
        socket.resume();
        return socket.closed || once(socket, 'close');
      }),
    );
    await servesAll();
  });
});
