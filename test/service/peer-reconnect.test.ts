import { expect } from 'chai';
import { PeerConnection } from '../../peer/connection.js';
import type { State } from '../../peer/state.js';
import { reached } from '../support/peers.js';
import { type Service, startService } from '../support/service.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

const quick = { base: 5, cap: 20, laterCap: 20, later: 5, restartCap: 5, never: 5, neverCap: 20 };

describe('peers whose proxy goes away', () => {
  let service: Service;
  let front: TlsFront;
  let manager: PeerConnection;
  let gateway: PeerConnection;
  let peers: readonly PeerConnection[];

  beforeEach(async () => {
    service = await startService();
    front = await startTlsFront(service.socketPath);
    const make = (name: string): PeerConnection => {
      const own = front.client(name);
      return new PeerConnection({
        url: `${front.origin}/micronets/v1/ws-proxy/sub/1/2`,
        claims: { peerClass: name, peerId: '1' },
        credentials: () => own,
        backoff: quick,
        handler: () => ({ statusCode: 200, reasonPhrase: name, headers: [], body: { kind: 'none' } }),
      });
    };
    manager = make('manager');
    gateway = make('gateway');
    peers = [manager, gateway];
    for (const peer of peers) peer.start();
    await Promise.all(peers.map((peer) => reached(peer, 'paired')));
  });

  afterEach(async () => {
    await Promise.all(peers.map((peer) => peer.stop()));
    await front.stop();
    await service.stop();
  });

  it('are joined again after every connection was cut', async () => {
    const lost = peers.map((peer) => reached(peer, 'backing_off'));
    front.cut();
    await Promise.all(lost);
    await Promise.all(peers.map((peer) => reached(peer, 'paired')));
    const responses = await Promise.all(peers.map((peer) => peer.request({ method: 'GET', path: '/' })));
    expect(responses.map(({ reasonPhrase }) => reasonPhrase)).to.deep.equal(['gateway', 'manager']);
  });

  it('are joined again after the proxy was gone for a while and came back', async () => {
    const port = Number(new URL(front.origin).port);
    const tried = new Promise<State>((resolve) => {
      manager.observe({ state: (now) => now.kind === 'backing_off' && now.failures >= 3 && resolve(now) });
    });
    await front.stop();
    expect(await tried).to.have.nested.property('why.reason', 'unreachable');
    front = await startTlsFront(service.socketPath, port, front.authority);
    await Promise.all(peers.map((peer) => reached(peer, 'paired')));
  });

  it('are told by the proxy when the other one goes, and wait for it', async () => {
    const lost = reached(manager, 'backing_off');
    await gateway.stop();
    expect((await lost).why).to.include({ reason: 'peer_disconnected', retry: 'now' });
    await reached(manager, 'waiting');
  });
});
