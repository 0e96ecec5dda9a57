import { expect } from 'chai';
import { Core } from '../../support/core.js';

describe('rate of a peer', () => {
  it('[RELAY-5] a peer above its messages a second is read again when it has paid, and loses nothing', () => {
    const core = new Core();
    const [one, two] = core.pair({ limits: { messagesPerSecond: 10 } });
    for (let number = 0; number < 10; number += 1) one.socket.receive(`${number}`);
    expect(one.socket.paused).to.equal(false);
    one.socket.receive('10');
    expect(one.socket.paused).to.equal(true);
    expect(two.socket.texts).to.have.length(11);
    core.clock.advance(99);
    expect(one.socket.paused).to.equal(true);
    core.clock.advance(2);
    expect(one.socket.paused).to.equal(false);
    expect(two.socket.paused).to.equal(false);
  });

  it('[RELAY-5] what was read before the hold took effect is paid too', () => {
    const core = new Core();
    const [one] = core.pair({ limits: { bytesPerSecond: 1_000 } });
    one.socket.receive('x'.repeat(1_500));
    one.socket.receive('x'.repeat(500));
    core.clock.advance(999);
    expect(one.socket.paused).to.equal(true);
    core.clock.advance(2);
    expect(one.socket.paused).to.equal(false);
  });

  it('[RELAY-5] a peer that owes more than 10 s is ended', () => {
    const core = new Core();
    const [one, two] = core.pair({ limits: { bytesPerSecond: 100 } });
    one.socket.receive('x'.repeat(1_100));
    expect(one.socket.closedWith).to.equal(undefined);
    one.socket.receive('x'.repeat(2));
    expect(one.socket.closedWith).to.deep.equal({ code: 4429, reason: 'too many messages or bytes' });
    expect(two.socket.closedWith?.code).to.equal(1002);
  });

  it('[RELAY-4, RELAY-5] a peer that is held for two reasons is read again when both are gone', () => {
    const core = new Core();
    const [one, two] = core.pair({ limits: { messagesPerSecond: 1 } });
    two.socket.backlog = 5_000;
    one.socket.receive('a');
    one.socket.receive('b');
    core.clock.advance(1_001);
    expect(one.socket.paused).to.equal(true);
    two.socket.drain(0);
    expect(one.socket.paused).to.equal(false);
  });

  it('[LIVE-3, RELAY-5] the silence of a peer that pays off its rate does not count', () => {
    const core = new Core({ pingInterval: 1_000, pingTimeout: 1_000 });
    const [one] = core.pair({ limits: { messagesPerSecond: 1 } });
    one.socket.alive = false;
    for (let number = 0; number < 9; number += 1) one.socket.receive('x');
    core.clock.advance(7_000);
    expect(one.socket.closedWith).to.equal(undefined);
  });

  it('[RELAY-5] costs no timer where the policy sets no rate', () => {
    const core = new Core();
    const [one] = core.pair();
    const { timers } = core.clock;
    for (let number = 0; number < 1_000; number += 1) one.socket.receive('x');
    expect(core.clock.timers).to.equal(timers);
  });
});
