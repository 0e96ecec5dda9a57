import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { Bridge } from '../../peer/bridge.js';
import { bridgeOptions, type HttpWay, startHttpWay } from '../support/http-way.js';
import { ask, reasonOf } from '../support/peers.js';

/** The head and the body of the answer to a request written by hand. */
async function answerTo(url: string, ...lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await once(socket, 'end');
  return Buffer.concat(chunks).toString();
}

describe('a bridge and the web pages of a browser on its machine', () => {
  let way: HttpWay;
  let reached: number;

  before(async () => {
    way = await startHttpWay();
    await way.pair();
  });

  beforeEach(() => {
    reached = 0;
    way.answer = (_request, response) => {
      reached += 1;
      response.end('here');
    };
  });

  after(() => way.stop());

  for (const [what, headers, reason] of [
    ['an image of another site', ['Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Dest', 'image'], 'origin_denied'],
    [
      'a link on a page of another port',
      ['Sec-Fetch-Site', 'same-site', 'Sec-Fetch-Mode', 'navigate'],
      'origin_denied',
    ],
    ['a script of another site', ['Origin', 'https://evil.example'], 'origin_denied'],
    ['a sandboxed page', ['Origin', 'null'], 'origin_denied'],
    ['a page whose name was bound anew', ['Host', 'evil.example', 'Sec-Fetch-Site', 'same-origin'], 'host_denied'],
    [
      'a websocket of another site',
      [
        'Origin',
        'https://evil.example',
        'Connection',
        'Upgrade',
        'Upgrade',
        'websocket',
        'Sec-WebSocket-Version',
        '13',
      ],
      'origin_denied',
    ],
  ] as const) {
    it(`refuses ${what}, and the API sees nothing of it`, async () => {
      const seen = await ask(`${way.http}/`, { headers });
      expect([seen.status, reasonOf(seen), reached]).to.deep.equal([403, reason, 0]);
      expect(seen.headers['content-type']).to.contain('application/json');
    });
  }

  for (const headers of [
    ['Sec-Fetch-Site', 'none', 'Sec-Fetch-Mode', 'navigate'],
    ['Sec-Fetch-Site', 'same-origin'],
    ['Referer', 'https://docs.example/'],
    ['Host', 'api.localhost:5001'],
  ]) {
    it(`serves a request with ${headers.join(': ')}`, async () => {
      expect((await ask(`${way.http}/`, { headers })).body.toString()).to.equal('here');
    });
  }

  it('refuses a target of another host, and a request that names none', async () => {
    const host = `Host: ${new URL(way.http).host}`;
    const absolute = await answerTo(way.http, 'GET http://evil.example/ HTTP/1.1', host, 'Connection: close');
    expect(absolute).to.match(/^HTTP\/1\.1 403 .*"reason":"host_denied"/s);
    const none = await answerTo(way.http, 'GET / HTTP/1.0');
    expect(none).to.match(/^HTTP\/1\.1 400 .*"reason":"host_invalid"/s);
    expect(reached).to.equal(0);
  });

  it('lets in the origins and names that it is told', async () => {
    const doors = { allowHosts: ['bridge.example'], allowOrigins: ['http://localhost:3000'] };
    const open = new Bridge(way.manager, { ...bridgeOptions, ...doors });
    const http = await open.listen();
    const script = await ask(http, { headers: ['Origin', 'http://localhost:3000', 'Sec-Fetch-Site', 'same-site'] });
    const named = await ask(http, { headers: ['Host', 'bridge.example:5001'] });
    const other = await ask(http, { headers: ['Origin', 'http://localhost:3001', 'Sec-Fetch-Site', 'same-site'] });
    expect([script.status, named.status, other.status]).to.deep.equal([200, 200, 403]);
    await open.close();
  });
});
