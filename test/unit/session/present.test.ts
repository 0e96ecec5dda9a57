import { expect } from 'chai';
import type { Newcomer } from '../../../proxy/session/life/admission.js';
import { Core, EMPTY } from '../../support/core.js';
import { NO_ROOM } from '../../support/core-parts.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { admission, identity } from '../../support/fixtures.js';

describe('present', () => {
  it('counts who is here, and finds connections and sessions by uid', () => {
    const core = new Core();
    const [one] = core.pair({ meetupId: 'a' });
    const waiting = core.join({ meetupId: 'b' });
    const greeting = core.connect({ meetupId: 'c' });
    expect(core.present.counts).to.deep.equal({ connections: 4, greeting: 1, waiting: 1, paired: 1 });
    expect(core.present.peer(greeting.peer.uid)).to.equal(greeting.peer);
    expect(core.present.session(one.peer.session?.uid ?? '')?.meetupId).to.equal('a');
    waiting.socket.gone();
    greeting.socket.gone();
    one.socket.gone();
    expect(core.present.counts).to.deep.equal({ connections: 0, greeting: 0, waiting: 0, paired: 0 });
    expect(core.present.peer(greeting.peer.uid)).to.equal(undefined);
  });

  it('is told outside of the core in views, a session also as it ended', () => {
    const core = new Core();
    const [one] = core.pair({ meetupId: 'a', identity: identity({ notAfter: 2_000 }) });
    core.join({ meetupId: 'b', identity: identity({ notAfter: 3_000 }) });
    const { uid } = one.peer.session ?? expect.fail('nobody sits');
    const look = core.overview.session(uid);
    expect(look?.()).to.deep.include({ uid, meetupId: 'a', state: 'paired', ending: undefined });
    expect(core.overview.firstExpiry).to.equal(2_000);
    expect(core.overview.newest(0, 9).map(({ meetupId }) => meetupId)).to.deep.equal(['b', 'a']);
    expect(core.overview.newest(1, 9).map(({ meetupId }) => meetupId)).to.deep.equal(['a']);
    core.steering.end({ t: 'session', uid }, { label: 'kicked' });
    expect(look?.()).to.deep.include({ state: 'finished' });
    expect(look?.().ending?.label).to.equal('kicked');
    expect(core.overview.session(uid)).to.equal(undefined);
  });

  it('gives back the room of a connection, step by step, once', () => {
    const core = new Core();
    const given: string[] = [];
    const room = {
      greeted: (who: Newcomer) => void given.push(`greeted ${who.identity.fingerprint[0]}`),
      left: (who: Newcomer, hadGreeted: boolean) =>
        void given.push(`left ${who.identity.fingerprint[0]} ${hadGreeted}`),
    };
    const of = (letter: string) => ({ identity: identity({ fingerprint: letter.repeat(64) }) });
    const silent = core.connect(of('a'), { room });
    silent.socket.gone();
    silent.peer.end('kicked');
    const sitting = core.connect(of('b'), { room });
    sitting.socket.receive(
      '{"message":{"messageId":1,"messageType":"CONN:HELLO","requiresResponse":false,"peerClass":"c","peerId":"p"}}',
    );
    sitting.peer.end('kicked');
    sitting.socket.gone();
    expect(given).to.deep.equal(['left a false', 'greeted b', 'left b true']);
  });

  it('keeps nothing of one whose line is found broken by its first ping', () => {
    const core = new Core();
    const socket = new FakeSocket();
    socket.breaksAtPing = true;
    core.registry.admit(socket, admission(), NO_ROOM);
    expect(core.events).to.deep.equal(['admitted p1', 'ended p1 connection_lost']);
    expect(core.present.counts.greeting).to.equal(0);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });
});
