import { expect } from 'chai';
import { all } from '../../../proxy/session/observers.js';
import type { Observer } from '../../../proxy/session/ports.js';
import { Registry } from '../../../proxy/session/registry.js';
import { refusal } from '../../../proxy/wire/close.js';
import { BOUNDS, Core } from '../../support/core.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { admission, hello } from '../../support/fixtures.js';

const ID = 'sub/8675309/00224dd149bb';
const EVENTS = ['refused', 'admitted', 'seated', 'paired', 'ended', 'finished'] as const;

describe('observers', () => {
  it('[OBS-1] are told of a whole life in order, each event once', () => {
    const core = new Core();
    const one = core.join();
    core.join();
    one.socket.gone();
    expect(core.events).to.deep.equal([
      'admitted p1',
      `seated p1 ${ID} waiting`,
      'admitted p2',
      `seated p2 ${ID} paired`,
      `paired ${ID} paired`,
      'ended p1 closed_by_peer',
      'ended p2 peer_disconnected',
      `finished ${ID} finished closed_by_peer`,
    ]);
  });

  it('[OBS-1] are told nothing but admitted and ended of a peer that never sat', () => {
    const core = new Core();
    core.connect().socket.receive('no');
    expect(core.events).to.deep.equal(['admitted p1', 'ended p1 hello_invalid']);
  });

  it('[OBS-1] see the world as it is after the event', () => {
    const seen: unknown[] = [];
    const observer: Observer = {
      admitted: (peer) => seen.push(registry.peers.has(peer)),
      seated: (peer, session) => seen.push(registry.sessions.get(ID) === session && peer.state.t === 'seated'),
      paired: () => seen.push(registry.paired === 1),
      ended: (peer) => seen.push(!registry.peers.has(peer) && peer.state.t === 'ended'),
      finished: (session) => seen.push(registry.sessions.size === 0 && session.state.t === 'finished'),
    };
    const registry = new Registry(new FakeClock(), BOUNDS, observer);
    const sockets = [new FakeSocket(), new FakeSocket()];
    for (const socket of sockets) {
      registry.admit(socket, admission());
      socket.receive(hello());
    }
    sockets[1]?.gone();
    expect(seen).to.deep.equal(Array.from({ length: 8 }, () => true));
  });

  it('[OBS-1] are told in the order in which they were given, and none by the fault of another', () => {
    const told: string[] = [];
    const faults: unknown[] = [];
    const named = (name: string): Observer => observing((event) => told.push(`${name} ${event}`));
    const broken = observing((event) => expect.fail(`broken ${event}`));
    const observer = all([named('first'), {}, broken, named('last')], (error) => faults.push(error));
    const registry = new Registry(new FakeClock(), BOUNDS, observer);
    observer.refused?.({ refusal: refusal('not_found'), detail: '', target: '/', remote: '', requestId: '' });
    const socket = new FakeSocket();
    registry.admit(socket, admission());
    socket.receive(hello());
    socket.gone();
    const life = ['refused', 'admitted', 'seated', 'ended', 'finished'];
    expect(told).to.deep.equal(life.flatMap((event) => [`first ${event}`, `last ${event}`]));
    expect(faults).to.have.length(life.length);
  });
});

/** An observer that does the same at every event. */
function observing(tell: (event: string) => void): Observer {
  return Object.fromEntries(EVENTS.map((event) => [event, () => tell(event)]));
}
