import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { type ConnectOptions, connect, type Peer } from '../../library/peer/connect.js';
import { startGateway } from '../../library/peer/gateway.js';
import { startManyBridge } from '../../library/peer/many-bridge.js';
import { jsonOf } from '../../peer/body.js';
import { follow } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { type Service, startService } from '../support/service.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

/** Starts a bridge that cannot listen, prints why, and has nothing else to do. */
const LISTENING = `
const { startBridge } = await import(${JSON.stringify(new URL('../../library/peer/bridge.js', import.meta.url).href)});
await startBridge(JSON.parse(process.argv[1])).catch(({ code }) => console.log(code));
`;

describe('the peer library', () => {
  let service: Service;
  let front: TlsFront;
  let scratch: Scratch;
  let peers: { stop(): Promise<void> }[] = [];
  let count = 0;

  before(async () => {
    service = await startService();
    front = await startTlsFront(service.socketPath);
    scratch = new Scratch();
    const { cert, key, ca } = front.client('peer');
    scratch.write('peer.pem', key + cert);
    scratch.write('key.pem', key);
    scratch.write('ca.pem', ca);
  });
  beforeEach(() => {
    count += 1;
  });
  afterEach(async () => {
    await Promise.all(peers.map((peer) => peer.stop()));
    peers = [];
  });
  after(async () => {
    await front.stop();
    await service.stop();
    scratch.remove();
  });

  const options = (): ConnectOptions => ({
    url: `${front.origin}/micronets/v1/ws-proxy/sub/${count}`,
    credentials: { cert: scratch.path('peer.pem'), ca: scratch.path('ca.pem') },
    peerClass: 'test',
    httpProxy: false,
  });
  const opened = (more: Partial<ConnectOptions> = {}): Peer => {
    const peer = connect({ ...options(), ...more });
    peers.push(peer);
    return peer;
  };

  it('without a handler it answers 501, and says in its HELLO that it answers nothing', async () => {
    const [one, two] = [opened(), opened({ peerId: 'two' })];
    expect(await one.paired()).to.include({ peerClass: 'test', peerId: 'two', answers: false });
    await two.paired();
    const { statusCode, body } = await one.request({ method: 'GET', path: '/' });
    expect([statusCode, jsonOf(body)]).to.deep.include(501);
  });

  it('takes credentials from a function, and tells its observer of every state', async () => {
    const { cert, key, ca } = front.client('other');
    const states: string[] = [];
    const one = opened({
      credentials: () => ({ cert, key, ca }),
      observer: { state: ({ kind }) => states.push(kind) },
    });
    opened();
    await one.paired();
    await one.stop();
    expect(states).to.deep.equal(['connecting', 'waiting', 'paired', 'stopped']);
  });

  it('a wait for the pair ends when its signal fires, and when the peer is stopped', async () => {
    const alone = opened();
    const gaveUp = new AbortController();
    const waits = [alone.paired(gaveUp.signal), alone.paired()];
    const outcomes = Promise.all(waits.map((wait) => wait.catch((error: Error) => error.message)));
    gaveUp.abort(new Error('no longer'));
    await alone.stop();
    expect(await outcomes).to.deep.equal(['no longer', 'the peer was stopped before there was a pair']);
    expect(await alone.paired(AbortSignal.abort(new Error('never'))).catch((error: Error) => error.message)).to.equal(
      'never',
    );
    expect(await alone.paired().catch((error: Error) => error.message)).to.match(/^the peer was stopped/);
  });

  it('a mistake in the options is told at once, in words of the options', () => {
    const files = { cert: scratch.path('none.pem'), ca: scratch.path('ca.pem') };
    expect(() => opened({ credentials: files })).to.throw('none.pem: no such file; check the path (credentials.cert)');
    const keyless = { cert: scratch.path('ca.pem'), ca: scratch.path('ca.pem') };
    expect(() => opened({ credentials: keyless })).to.throw(
      "no private key in it; give the key's file by credentials.key",
    );
    expect(() => opened({ url: 'https://localhost/' })).to.throw(TypeError, 'url: It must start with wss://');
    expect(() => opened({ url: 'ws://localhost/' })).to.throw(TypeError, 'url: It must start with wss://');
    expect(() => opened({ url: 'wss://a:secret@localhost/' })).to.throw(
      TypeError,
      /^url: A peer has a certificate, no password\.$/,
    );
    expect(() => opened({ url: 'localhost' })).to.throw(TypeError, 'url: It is not a URL.');
    for (const claim of ['', 'x'.repeat(257)]) {
      expect(() => opened({ peerClass: claim })).to.throw(TypeError, /^peerClass: It must be text of 1 to 256 char/);
      expect(() => opened({ peerId: claim })).to.throw(TypeError, /^peerId: It must be text of 1 to 256 characters/);
    }
    expect(() => startGateway({ ...options(), upstream: 'ftp://x' })).to.throw(
      TypeError,
      /^upstream ftp:\/\/x: It must start/,
    );
    expect(() => startGateway({ ...options(), upstream: 'https://x', upstreamCa: '/none' })).to.throw('(upstreamCa)');
  });

  it('a gateway says in its HELLO how many requests it works on at one time, and works on as many', async () => {
    for (const [more, told] of [
      [{}, 64],
      [{ limits: { concurrent: 3 } }, 3],
      [{ limits: { concurrent: 3 }, concurrency: 1 }, 1],
    ] as const) {
      count += 1;
      const release: (() => void)[] = [];
      const api = createHttpServer((_, response) => release.push(() => response.end()));
      api.listen(0, '127.0.0.1');
      await once(api, 'listening');
      const upstream = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
      const gateway = startGateway({ ...options(), ...more, upstream });
      peers.push({ stop: () => gateway.close() });
      const asking = opened();
      expect(await asking.paired()).to.include({ concurrency: told });
      const asked = Array.from({ length: told + 1 }, () => asking.request({ method: 'GET', path: '/' }));
      // Only the last finds no place, and it is answered while the others wait.
      expect((await Promise.race(asked)).statusCode).to.equal(503);
      while (release.length < told) await once(api, 'request');
      for (const answer of release) answer();
      const statuses = (await Promise.all(asked)).map(({ statusCode }) => statusCode);
      expect(statuses.filter((status) => status === 200)).to.have.length(told);
      await gateway.close();
      api.close();
    }
  });

  it('a bridge for many meetups opens each at its first call, tells its observer, and closes all', async () => {
    const upstream = 'http://127.0.0.1:9';
    const ids = [`sub/${count}/a`, `sub/${count}/b`];
    const prefix = `${front.origin}/micronets/v1/ws-proxy`;
    const gateways = ids.map((id) => startGateway({ ...options(), url: `${prefix}/${id}`, upstream }));
    const seen: string[] = [];
    const { credentials, peerClass } = options();
    const same = { credentials, peerClass, httpProxy: false };
    const bridge = await startManyBridge({
      ...same,
      url: prefix,
      listen: { port: 0 },
      observer: (meetup) => ({ state: ({ kind }) => seen.push(`${meetup} ${kind}`) }),
    });
    for (const id of ids) {
      // Nobody serves at port 9, and the gateway says so.
      const answer = await fetch(`${bridge.url}/${id}/-/x`);
      expect([answer.status, await answer.text()].join()).to.match(/^502,.*"upstream_unreachable"/);
    }
    expect(bridge.meetups().map(({ id, state }) => `${id} ${state}`)).to.deep.equal(ids.map((id) => `${id} idle`));
    await bridge.close();
    await Promise.all(gateways.map((gateway) => gateway.close()));
    expect(seen.slice(0, 3)).to.deep.equal(['connecting', 'waiting', 'paired'].map((kind) => `${ids[0]} ${kind}`));
    expect([bridge.meetups().length, seen.filter((line) => line.endsWith('stopped')).length]).to.deep.equal([0, 2]);
    const mistake = startManyBridge({ ...same, url: `${prefix}?x`, listen: { port: 0 } });
    expect(await mistake.catch((error: Error) => error.message)).to.match(/^url: It has a query/);
  });

  it('a bridge that cannot listen says so, dials nobody and keeps no process alive', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    let dials = 0;
    const proxy = createServer((socket) => {
      dials += 1;
      socket.destroy();
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const url = `wss://127.0.0.1:${(proxy.address() as AddressInfo).port}/sub/1`;
    const program = follow(
      spawn(
        process.execPath,
        ['--input-type=module', '-e', LISTENING, JSON.stringify({ ...options(), url, listen: { port } })],
        {
          stdio: ['pipe', 'pipe', 'pipe'],
        },
      ),
    );
    expect(await program.line('stdout', /./)).to.equal('EADDRINUSE');
    expect(await program.ended).to.equal(0);
    expect(dials).to.equal(0);
    taken.close();
    proxy.close();
  });
});
