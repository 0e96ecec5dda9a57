import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { startBridge } from '../../library/peer/bridge.js';
import { type ConnectOptions, connect, type Peer } from '../../library/peer/connect.js';
import { startGateway } from '../../library/peer/gateway.js';
import { jsonOf } from '../../peer/body.js';
import { Scratch } from '../support/scratch.js';
import { type Service, startService } from '../support/service.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

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
    expect(() => opened({ url: 'https://localhost/' })).to.throw(TypeError, 'not a wss: URL');
    expect(() => startGateway({ ...options(), upstream: 'ftp://x' })).to.throw(
      TypeError,
      /^upstream ftp:\/\/x: It must start/,
    );
    expect(() => startGateway({ ...options(), upstream: 'https://x', upstreamCa: '/none' })).to.throw('(upstreamCa)');
  });

  it('a bridge that cannot listen says so, and leaves nothing behind', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const failure = await startBridge({ ...options(), listen: { port } }).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(failure).to.equal('EADDRINUSE');
    taken.close();
  });
});
