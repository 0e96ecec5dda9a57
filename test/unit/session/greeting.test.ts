import { expect } from 'chai';
import { Core, EMPTY } from '../../support/core.js';
import { hello } from '../../support/fixtures.js';

describe('greeting', () => {
  it('[HELLO-3] ends a peer that says nothing, at the deadline and not before', () => {
    const core = new Core();
    const { socket } = core.connect();
    core.clock.advance(9_999);
    expect(socket.closedWith).to.equal(undefined);
    core.clock.advance(1);
    expect(socket.closedWith).to.deep.equal({ code: 4408, reason: 'no CONN:HELLO in time: 10 seconds' });
    expect(core.events).to.deep.equal(['admitted p1', 'ended p1 hello_timeout']);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[HELLO-3] lets a greeted peer wait beyond the deadline', () => {
    const core = new Core();
    const { socket } = core.join();
    core.clock.advance(60_000);
    expect(socket.closedWith).to.equal(undefined);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[HELLO-1] ends a peer whose first message is something else, and says what was wrong', () => {
    const core = new Core();
    const { socket } = core.connect();
    socket.receive('{"message":{"messageType":"REST:REQUEST"}}');
    expect(socket.closedWith).to.deep.equal({
      code: 4400,
      reason: 'the first message is not a valid CONN:HELLO: messageType is not CONN:HELLO',
    });
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[HELLO-2] refuses a HELLO that is larger than the bound', () => {
    const core = new Core({ helloMaxBytes: 20 });
    const { socket } = core.join();
    expect(socket.closedWith?.code).to.equal(4400);
  });

  it('[HELLO-1] has one chance: a HELLO after the wrong first message changes nothing', () => {
    const core = new Core();
    const { socket, peer } = core.connect();
    socket.receive('no');
    socket.receive(hello());
    expect(core.present.sessions.size).to.equal(0);
    expect(peer.state.t).to.equal('ended');
    expect(core.events).to.deep.equal(['admitted p1', 'ended p1 hello_invalid']);
  });

  it('[HELLO-1] forgets a peer that leaves before its HELLO', () => {
    const core = new Core();
    const { socket } = core.connect();
    expect(core.present.counts.greeting).to.equal(1);
    socket.gone('connection_lost', 1006);
    expect(core.events).to.deep.equal(['admitted p1', 'ended p1 connection_lost']);
    expect(core.present.counts.greeting).to.equal(0);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[HELLO-4] never answers a HELLO itself', () => {
    const core = new Core();
    expect(core.join().socket.sent).to.deep.equal([]);
  });
});
