import { expect } from 'chai';
import { Core, EMPTY } from '../../support/core.js';

/** Marks of the core under test: high 1000 bytes, low 200. */
describe('backpressure', () => {
  it('[RELAY-4] stops reading the sender above the high mark, and not at it', () => {
    const [one, two] = new Core().pair();
    two.socket.backlog = 1_000;
    one.socket.receive('at the mark');
    expect(one.socket.paused).to.equal(false);
    two.socket.backlog = 1_001;
    one.socket.receive('above');
    expect(one.socket.paused).to.equal(true);
    expect(one.peer.held).to.equal(true);
    expect(two.socket.paused).to.equal(false);
  });

  it('[RELAY-4] carries what was already read when it stopped', () => {
    const [one, two] = new Core().pair();
    two.socket.backlog = 1_001;
    one.socket.receive('first');
    one.socket.receive('second');
    expect(two.socket.texts).to.deep.equal(['first', 'second']);
  });

  it('[RELAY-4] reads the sender again at the low mark, and not above it', () => {
    const [one, two] = new Core().pair();
    two.socket.backlog = 5_000;
    one.socket.receive('x');
    two.socket.drain(201);
    expect(one.socket.paused).to.equal(true);
    two.socket.drain(200);
    expect(one.socket.paused).to.equal(false);
    expect(one.peer.held).to.equal(false);
  });

  it('[RELAY-4] holds each way for itself', () => {
    const [one, two] = new Core().pair();
    two.socket.backlog = 5_000;
    one.socket.backlog = 5_000;
    one.socket.receive('x');
    two.socket.receive('y');
    expect([one.socket.paused, two.socket.paused]).to.deep.equal([true, true]);
    two.socket.drain(0);
    expect([one.socket.paused, two.socket.paused]).to.deep.equal([false, true]);
    one.socket.drain(0);
    expect([one.socket.paused, two.socket.paused]).to.deep.equal([false, false]);
  });

  it('[LIVE-4] ends a peer that takes nothing for the stall time', () => {
    const core = new Core();
    const [one, two] = core.pair();
    two.socket.backlog = 5_000;
    one.socket.receive('x');
    core.clock.advance(30_000);
    expect(two.socket.closedWith).to.equal(undefined);
    core.clock.advance(1_000);
    expect(two.socket.closedWith).to.deep.equal({
      code: 4430,
      reason: 'too slow: the backlog did not shrink: 30 seconds',
    });
    expect(one.socket.closedWith?.code).to.equal(1002);
    expect(one.socket.paused).to.equal(false);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[LIVE-4] does not end a peer that takes a byte now and then', () => {
    const core = new Core();
    const [one, two] = core.pair();
    two.socket.backlog = 5_000;
    one.socket.receive('x');
    for (let minute = 0; minute < 10; minute += 1) {
      core.clock.advance(25_000);
      two.socket.taken += 1;
    }
    expect(two.socket.closedWith).to.equal(undefined);
    expect(one.socket.closedWith).to.equal(undefined);
  });

  it('[LIVE-4] starts to count when the backlog begins', () => {
    const core = new Core();
    const [, two] = core.pair();
    core.clock.advance(120_000);
    two.socket.backlog = 10;
    core.clock.advance(30_000);
    expect(two.socket.closedWith).to.equal(undefined);
    two.socket.drain(0);
    two.socket.backlog = 10;
    core.clock.advance(29_000);
    expect(two.socket.closedWith).to.equal(undefined);
  });

  it('[LIVE-4] is not put off by messages that keep coming for the stalled peer', () => {
    const core = new Core({ highMark: 1_000_000 });
    const [one, two] = core.pair();
    for (let second = 0; second < 32; second += 1) {
      two.socket.backlog += 100;
      one.socket.receive('x'.repeat(100));
      core.clock.advance(1_000);
    }
    expect(two.socket.closedWith?.code).to.equal(4430);
  });
});
