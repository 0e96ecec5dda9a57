import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ask, reasonOf } from '../support/peers.js';
import { type Program, runProgram } from '../support/program.js';
import { type Service, startService } from '../support/service.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

const complete = ['gateway', '--url', 'wss://a/b', '--cert', '/no.pem', '--ca', '/no'] as const;

/** The program ended without such a line. */
async function expectNone(line: Promise<string>): Promise<void> {
  expect(await line.catch(() => undefined)).to.equal(undefined);
}

describe('ws-proxy peer', function () {
  // Each test starts processes.
  this.timeout(20_000);
  let service: Service;
  let front: TlsFront;
  let folder: string;
  let connection: readonly string[];
  let api: Server;
  let programs: Program[];

  before(async () => {
    service = await startService();
    front = await startTlsFront(service.socketPath);
    folder = await mkdtemp(join(tmpdir(), 'wsp-'));
    const { cert, key, ca } = front.client('peer');
    await writeFile(join(folder, 'x.pkeycert.pem'), key + cert);
    await writeFile(join(folder, 'root.cert.pem'), ca);
    api = createServer((request, response) => response.end(`${request.method} ${request.url}`));
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const files = ['--cert', join(folder, 'x.pkeycert.pem'), '--ca', join(folder, 'root.cert.pem')];
    connection = ['--url', `${front.origin}/micronets/v1/ws-proxy/sub/1`, ...files];
  });

  beforeEach(() => {
    programs = [];
  });

  afterEach(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
  });

  after(async () => {
    api.close();
    await front.stop();
    await service.stop();
    await rm(folder, { recursive: true });
  });

  function peer(...args: readonly string[]): Program {
    const program = runProgram('peer', ...args);
    programs.push(program);
    return program;
  }

  it('bridge and gateway carry an HTTP request, say when they are paired, and end with 0', async () => {
    const upstream = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const gateway = peer('gateway', ...connection, '--upstream', upstream, '--peer-id', 'gw 1');
    const bridge = peer('bridge', ...connection, '--listen', '0');
    const line = await bridge.line('stdout', /^paired /);
    expect(line).to.match(/^paired peerClass="ws-proxy-peer-gateway" peerId="gw 1" http=http:\/\/127\.0\.0\.1:\d+$/);
    await gateway.line('stdout', /^paired peerClass="ws-proxy-peer-bridge"/);
    const url = /http=(\S+)/.exec(line)?.[1] ?? '';
    expect((await ask(`${url}/micronets?a=1`)).body.toString()).to.equal('GET /micronets?a=1');
    expect(await gateway.stop('SIGTERM')).to.equal(0);
    await bridge.line(
      'stderr',
      /^peer: not connected: the peer websocket disconnected \(peer_disconnected\); next try in/,
    );
    await bridge.line('stderr', /waiting for the other peer/);
    expect(await bridge.stop('SIGINT')).to.equal(0);
  });

  it('two bridges are no success: they say so, and every call is answered at once', async () => {
    const bridges = [1, 2].map((n) => peer('bridge', ...connection, '--listen', '0', '--peer-id', `b ${n}`));
    const [one, two] = bridges;
    const url = /http:\S+/.exec((await one?.line('stderr', /listening on/)) ?? '')?.[0] ?? '';
    const news =
      /ATTENTION: the other peer \(peerClass="ws-proxy-peer-bridge" peerId="b \d"\) is a bridge as this one is/;
    await Promise.all([one?.line('stderr', news), two?.line('stderr', news)]);
    const seen = await ask(`${url}/x`);
    expect([seen.status, reasonOf(seen)]).to.deep.equal([502, 'not_served']);
    await Promise.all(bridges.map((bridge) => bridge.stop()));
    for (const bridge of bridges) await expectNone(bridge.line('stdout', /^paired/));
  });

  it('two gateways are none either', async () => {
    const gateways = [1, 2].map(() => peer('gateway', ...connection, '--upstream', 'http://127.0.0.1:1'));
    const news = /ATTENTION: the other peer .* is a gateway as this one is/;
    await Promise.all(gateways.map((gateway) => gateway.line('stderr', news)));
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    for (const gateway of gateways) await expectNone(gateway.line('stdout', /^paired/));
  });

  it('interactive prints what comes, sends what is typed, and refuses the rest', async () => {
    const one = peer('interactive', ...connection, '--peer-id', 'one');
    await one.line('stderr', /waiting for the other peer/);
    one.type('{"message": {}}\n');
    await one.line('stderr', /not sent: line 1: the other peer is not there/);
    const two = peer('interactive', ...connection, '--peer-id', 'two', '--listen', '0');
    const line = await two.line('stdout', /^paired /);
    await one.line('stdout', /^\{"message":.*"peerId":"two"/);
    one.type('{"message": {"messageId": 7, "messageType": "EVENT:A:b", "requiresResponse": false}}\n{oops\n');
    await two.line('stdout', /"messageId": 7/);
    await one.line('stderr', /not sent: line 3, column 2: not JSON: "o" where a name in double quotes should be/);
    const seen = ask(`${/http=(\S+)/.exec(line)?.[1]}/x`);
    const asked = JSON.parse(await one.line('stdout', /REST:REQUEST/)) as { message: { messageId: number } };
    const { messageId: inResponseTo } = asked.message;
    const answer = {
      messageId: 8,
      messageType: 'REST:RESPONSE',
      requiresResponse: false,
      inResponseTo,
      statusCode: 418,
    };
    one.type(`${JSON.stringify({ message: answer })}\n`);
    expect((await seen).status).to.equal(418);
    expect(await Promise.all([one.stop(), two.stop('SIGINT')])).to.deep.equal([0, 0]);
  });

  it('says loudly when it is not wanted, and stays', async () => {
    const [, , ...files] = connection;
    const lost = peer('interactive', '--url', `${front.origin}/elsewhere`, ...files);
    await lost.line('stderr', /ATTENTION: .*HTTP 404, not_found.*next try in \d+\.\d s; this will not mend itself/);
    expect(await lost.stop()).to.equal(0);
  });

  for (const [what, args, says] of [
    ['no URL', ['bridge', '--cert', 'a', '--ca', 'b', '--listen', '1'], /required option '--url <url>'/],
    ['a URL without TLS', ['bridge', '--url', 'ws://a/b'], /must start with wss:/],
    ['a port that is none', ['bridge', '--listen', '70000'], /must be PORT or HOST:PORT/],
    [
      'an origin that is none',
      ['bridge', '--listen', '0', '--allow-origin', 'localhost:3000'],
      /must be http\(s\):\/\/HOST/,
    ],
    [
      'a name with a port',
      ['bridge', '--listen', '0', '--allow-host', 'a.example:80'],
      /must be a name or an address alone/,
    ],
    ['a share above all', ['bridge', '--listen', '0', '--trace-ratio', '1.5'], /must be a number from 0 to 1/],
    [
      'a CA for an API without TLS',
      [...complete, '--upstream', 'unix:/x', '--upstream-ca', '/a'],
      /starts with https:/,
    ],
    [
      'a CA of the API that is not there',
      [...complete, '--upstream', 'https://a', '--upstream-ca', '/none'],
      /\/none: no such file; check the path \(--upstream-ca\)/,
    ],
    ['an upstream that is none', ['gateway', '--upstream', 'localhost:80'], /must start with http/],
    [
      'a file that is not there',
      ['gateway', '--upstream', 'http://a', '--url', 'wss://a/b', '--cert', '/no.pem', '--ca', '/no'],
      /\/no\.pem: no such file; check the path \(--cert\)/,
    ],
    [
      'an option of many meetups for a bridge of one',
      ['bridge', ...complete.slice(1), '--listen', '0', '--idle', '5m'],
      /option '--idle' is for a bridge with --many/,
    ],
    [
      'an address of all meetups with a query',
      ['bridge', '--many', '--listen', '0', '--cert', 'a', '--ca', 'b', '--url', 'wss://a/b?c'],
      /option '--url' has a query: with --many it is the address of all meetups/,
    ],
    [
      'files that are not there, for a bridge of many',
      ['bridge', '--many', ...complete.slice(1), '--listen', '0'],
      /\/no\.pem: no such file; check the path \(--cert\)/,
    ],
    ['an unknown command', ['fly'], /unknown command 'fly'/],
  ] as const) {
    it(`exits with 2 and one clear line on ${what}`, async () => {
      const program = peer(...args);
      expect(await program.ended).to.equal(2);
      await program.line('stderr', says);
    });
  }

  it('exits with 1 when the port is in use', async () => {
    const port = String((api.address() as AddressInfo).port);
    for (const more of [[], ['--many']]) {
      const program = peer('bridge', ...connection, '--listen', port, ...more);
      expect(await program.ended).to.equal(1);
      await program.line('stderr', /127\.0\.0\.1:\d+ is in use; choose another --listen/);
    }
  });
});
