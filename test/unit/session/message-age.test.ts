import { expect } from 'chai';
import { Core, EMPTY } from '../../support/core.js';

describe('messages that do not end', () => {
  it('[RELAY-6] end their sender after the time, however many bytes still come', () => {
    const core = new Core();
    const [one, two] = core.pair();
    for (let second = 0; second < 300; second += 1) {
      one.socket.gathered += 10;
      one.socket.received += 10;
      core.clock.advance(1_000);
    }
    expect(one.socket.closedWith).to.equal(undefined);
    core.clock.advance(1_000);
    expect(one.socket.closedWith).to.deep.equal({
      code: 4431,
      reason: 'the message did not end in time: 300 seconds',
    });
    expect(two.socket.closedWith?.reason).to.equal('the peer websocket disconnected');
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[RELAY-6] are none where each look finds another one on its way', () => {
    const core = new Core();
    const [one] = core.pair();
    for (let second = 0; second < 900; second += 1) {
      one.socket.gathered = 10;
      core.clock.advance(1_000);
      if (second % 200 === 0) one.socket.receive('the rest');
    }
    expect(one.socket.closedWith).to.equal(undefined);
  });

  it('[RELAY-6] begin anew with the next one, and with none at all', () => {
    const core = new Core();
    const [one] = core.pair();
    one.socket.gathered = 10;
    core.clock.advance(299_000);
    one.socket.gathered = 0;
    core.clock.advance(1_000);
    one.socket.gathered = 10;
    core.clock.advance(299_000);
    expect(one.socket.closedWith).to.equal(undefined);
    core.clock.advance(3_000);
    expect(one.socket.closedWith?.code).to.equal(4431);
  });

  it('[RELAY-6] are no fault of a sender while it is not read', () => {
    const core = new Core({ stallTimeout: 3_600_000 });
    const [one, two] = core.pair();
    two.socket.backlog = 5_000;
    one.socket.receive('x');
    one.socket.gathered = 10;
    core.clock.advance(900_000);
    expect(one.socket.closedWith).to.equal(undefined);
    two.socket.drain(0);
    core.clock.advance(298_000);
    expect(one.socket.closedWith).to.equal(undefined);
    core.clock.advance(4_000);
    expect(one.socket.closedWith?.code).to.equal(4431);
  });
});
