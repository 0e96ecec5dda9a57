import { expect } from 'chai';
import { Budget } from '../../../proxy/session/budget.js';
import { Core } from '../../support/core.js';

const BYTES = 1_000;

describe('the memory budget', () => {
  it('counts what waits for peers and what has come of messages in part', () => {
    const core = new Core();
    const budget = new Budget(core.registry, BYTES);
    const [one, two] = core.pair();
    one.socket.backlog = 300;
    two.socket.gathered = 500;
    budget.enforce();
    expect(budget.held).to.equal(800);
    expect(budget.isTight).to.equal(false);
    two.socket.gathered = 501;
    budget.enforce();
    expect(budget.isTight).to.equal(true);
    expect([one, two].map(({ socket }) => socket.terminated)).to.deep.equal([false, false]);
  });

  it('sheds the newest that hold bytes until the rest is within it, and nobody who holds none', () => {
    const core = new Core();
    const budget = new Budget(core.registry, BYTES);
    const peers = [...core.pair({ meetupId: 'a' }), ...core.pair({ meetupId: 'b' }), ...core.pair({ meetupId: 'c' })];
    // Of the newest session both hold some; the peer that holds more is the one that is told why.
    const held = [600, 0, 0, 300, 200, 50];
    for (const [at, bytes] of held.entries()) {
      const socket = peers[at]?.socket;
      if (socket !== undefined) socket.gathered = bytes;
    }
    budget.enforce();
    expect(budget.held).to.equal(900);
    expect(peers.map(({ socket }) => socket.terminated)).to.deep.equal([false, false, false, false, true, false]);
    expect(peers[4]?.peer.state).to.have.nested.property('ending.label', 'overload');
  });
});
