import { expect } from 'chai';
import { Budget } from '../../../proxy/session/budget.js';
import { bearerOf } from '../../../proxy/x509/identity.js';
import { type Client, Core } from '../../support/core.js';
import { identity } from '../../support/fixtures.js';

const BYTES = 1_000;
const [A, B, C] = [identity(), identity(), identity()];

describe('the memory budget', () => {
  /** A pair for each row: the certificates of its two peers, and the bytes that each holds of an unfinished message. */
  function pairs(core: Core, ...rows: readonly (readonly [typeof A, number, typeof A, number])[]): Client[] {
    return rows.flatMap(([first, firstHeld, second, secondHeld], at) => {
      const [one, two] = [
        core.join({ meetupId: `${at}`, identity: first }),
        core.join({ meetupId: `${at}`, identity: second }),
      ];
      one.socket.gathered = firstHeld;
      two.socket.gathered = secondHeld;
      return [one, two];
    });
  }

  function shed(clients: readonly Client[]): number[] {
    return clients.flatMap(({ peer, socket }, at) =>
      socket.terminated && peer.state.t === 'ended' && peer.state.ending.label === 'overload' ? [at] : [],
    );
  }

  it('[RELAY-7] counts what waits for peers and what has come of messages in part', () => {
    const core = new Core();
    const budget = new Budget(core.present, core.steering, BYTES);
    const [one, two] = core.pair();
    one.socket.backlog = 300;
    two.socket.gathered = 500;
    budget.enforce();
    expect(budget.held).to.equal(800);
    expect(shed([one, two])).to.deep.equal([]);
    two.socket.gathered = 501;
    budget.enforce();
    expect(shed([one, two])).to.deep.equal([1]);
    expect(one.peer.state).to.have.nested.property('ending.label', 'peer_disconnected');
    expect(budget.held).to.equal(0);
  });

  it('[RELAY-7] sheds first who holds most, of the certificate that holds most, and no more than is needed', () => {
    const core = new Core();
    const budget = new Budget(core.present, core.steering, BYTES);
    // A holds 600 bytes in four connections and B 290 in one: A is above its share, and A's third connection holds most.
    const clients = pairs(core, [A, 100, C, 0], [A, 150, C, 10], [A, 200, C, 0], [A, 150, C, 0], [B, 290, C, 0]);
    budget.enforce();
    expect(shed(clients)).to.deep.equal([4]);
    expect(budget.held).to.equal(700);
  });

  it('[RELAY-7] lets two certificates that fill it keep out only themselves', () => {
    const core = new Core();
    const budget = new Budget(core.present, core.steering, BYTES);
    const clients = pairs(core, ...Array.from({ length: 10 }, () => [A, 41, B, 40] as const), [C, 5, C, 5]);
    budget.enforce();
    const gone = shed(clients);
    expect(gone).to.have.lengthOf(1);
    expect([A, B, C].map(({ fingerprint }) => budget.keepsOut(fingerprint))).to.deep.equal([true, true, false]);
    expect(clients.slice(-2).map(({ peer }) => peer.state.t)).to.deep.equal(['seated', 'seated']);
    budget.enforce();
    expect(shed(clients)).to.deep.equal(gone);
    expect([A, B, C].map(({ fingerprint }) => budget.keepsOut(fingerprint))).to.deep.equal([false, false, false]);
  });

  it('[RELAY-7] counts what the certificates of one SPIFFE id hold together, and keeps all of them out', () => {
    const core = new Core();
    const budget = new Budget(core.present, core.steering, BYTES);
    const minted = Array.from({ length: 10 }, () => identity({ uris: ['spiffe://mesh/ns/site/sa/gw-1'], subject: '' }));
    const clients = pairs(core, ...minted.map((one) => [one, 60, C, 0] as const), [B, 210, C, 0]);
    budget.enforce();
    expect(shed(clients)).to.deep.equal([18]);
    expect([...minted, B].map((one) => budget.keepsOut(bearerOf(one)))).to.deep.equal([
      ...minted.map(() => true),
      false,
    ]);
  });

  it('[RELAY-7] counts both peers of a pair that goes, and sheds nobody twice', () => {
    const core = new Core();
    const budget = new Budget(core.present, core.steering, BYTES);
    const clients = pairs(core, [A, 500, A, 499], [A, 300, B, 200]);
    budget.enforce();
    expect(shed(clients)).to.deep.equal([0]);
    expect(budget.held).to.equal(500);
  });

  it('[RELAY-7] sheds one that only greets', () => {
    const core = new Core();
    const budget = new Budget(core.present, core.steering, BYTES);
    const greeting = core.connect();
    greeting.socket.gathered = 2 * BYTES;
    budget.enforce();
    expect(shed([greeting])).to.deep.equal([0]);
  });
});
