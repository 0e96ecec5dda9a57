import { expect } from 'chai';
import { Contest } from '../../support/contest.js';
import { Core, EMPTY } from '../../support/core.js';
import { identity } from '../../support/fixtures.js';

describe('contest for a seat', () => {
  it('[MEET-5] asks nobody when a seat is free', async () => {
    const core = new Core();
    const sitting = core.join();
    expect(await new Contest(core).settled()).to.equal(undefined);
    expect(await new Contest(core, { meetupId: 'other' }).settled()).to.equal(undefined);
    expect(sitting.socket.pings).to.equal(1);
  });

  it('[MEET-4, MEET-5] turns a third client away as soon as both have answered', async () => {
    const core = new Core();
    const [one, two] = core.pair();
    one.socket.alive = false;
    const contest = new Contest(core);
    expect(await contest.settled()).to.equal('open');
    expect([one.socket.pings, two.socket.pings]).to.deep.equal([2, 2]);
    one.socket.pong();
    expect(await contest.settled()).to.equal('meetup_full');
    expect([one.socket.closedWith, two.socket.closedWith]).to.deep.equal([undefined, undefined]);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-5] ends a ghost after 2 s; its peer is told, and the meetup is free', async () => {
    const core = new Core();
    const [ghost, two] = core.pair();
    ghost.socket.alive = false;
    const contest = new Contest(core);
    core.clock.advance(1_999);
    expect(await contest.settled()).to.equal('open');
    core.clock.advance(1);
    expect(await contest.settled()).to.equal(undefined);
    expect(ghost.socket.closedWith).to.deep.equal({ code: 1002, reason: 'Probe timed out (2 seconds)' });
    expect(two.socket.closedWith).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-5] a peer never pairs with its own ghost', async () => {
    const core = new Core();
    const same = identity();
    const ghost = core.join({ identity: same });
    ghost.socket.alive = false;
    const contest = new Contest(core, { identity: same });
    core.clock.advance(2_000);
    expect(await contest.settled()).to.equal(undefined);
    const back = core.join({ identity: same });
    expect(ghost.socket.closedWith?.reason).to.equal('Probe timed out (2 seconds)');
    expect(back.socket.sent).to.deep.equal([]);
    expect(core.present.sessions.size).to.equal(1);
  });

  it('[MEET-5] nor with its ghost of before a renewal, where a SPIFFE id says that it is the same; another id, subject or name says so of nobody', async () => {
    const id = { uris: ['spiffe://mesh/ns/site/sa/gw-1'], subject: '' };
    const others = [
      { uris: ['spiffe://mesh/ns/site/sa/gw-2'] },
      { ...id, subject: 'CN=mallory' },
      { uris: [...id.uris, 'spiffe://mesh/ns/site/sa/gw-2'] },
      { uris: ['urn:gw-1'] },
      {},
    ];
    // A mesh renews its authorities too.
    const renewed = { ...id, issuer: 'CN=the next root' };
    for (const given of [renewed, ...others]) {
      const core = new Core();
      const ghost = core.join({ identity: identity(id) });
      ghost.socket.alive = false;
      const contest = new Contest(core, { identity: identity(given) });
      core.clock.advance(2_000);
      expect(await contest.settled()).to.equal(undefined);
      const reason = given === renewed ? 'Probe timed out (2 seconds)' : undefined;
      expect(ghost.socket.closedWith?.reason, JSON.stringify(given)).to.equal(reason);
    }
  });

  it('[MEET-5, MEET-6] a living peer with the same certificate gets its pair without delay', async () => {
    const core = new Core();
    const same = identity();
    core.join({ identity: same });
    expect(await new Contest(core, { identity: same }).settled()).to.equal(undefined);
    core.join({ identity: same });
    expect(core.present.counts.paired).to.equal(1);
  });

  it('[MEET-5, MEET-7] one role is contested too: the dead gateway makes room, the living does not', async () => {
    const core = new Core();
    const gateway = core.join({ role: 'gateway' });
    expect(await new Contest(core, { role: 'gateway' }).settled()).to.equal('role_taken');
    gateway.socket.alive = false;
    const contest = new Contest(core, { role: 'gateway' });
    core.clock.advance(2_000);
    expect(await contest.settled()).to.equal(undefined);
  });

  it('[MEET-5] many newcomers share one question', async () => {
    const core = new Core();
    const [one, two] = core.pair();
    one.socket.alive = false;
    two.socket.alive = false;
    const contests = Array.from({ length: 50 }, () => new Contest(core));
    expect([one.socket.pings, two.socket.pings]).to.deep.equal([2, 2]);
    one.socket.pong();
    two.socket.pong();
    for (const contest of contests) expect(await contest.settled()).to.equal('meetup_full');
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-5] asks again at the next contest, however quickly the last was answered', async () => {
    const core = new Core();
    const [one] = core.pair();
    expect(await new Contest(core).settled()).to.equal('meetup_full');
    one.socket.alive = false;
    const contest = new Contest(core);
    core.clock.advance(2_000);
    expect(await contest.settled()).to.equal(undefined);
    expect(one.socket.closedWith?.reason).to.equal('Probe timed out (2 seconds)');
  });

  it('[MEET-5] is decided at once when the sitting peer leaves by itself', async () => {
    const core = new Core();
    const [one] = core.pair();
    one.socket.alive = false;
    const contest = new Contest(core);
    one.socket.gone();
    expect(await contest.settled()).to.equal(undefined);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-5] a peer in the middle of a long message is live, and keeps its seat', async () => {
    const core = new Core();
    const [one] = core.pair();
    one.socket.alive = false;
    const contest = new Contest(core);
    one.socket.received += 1;
    core.clock.advance(2_000);
    expect(await contest.settled()).to.equal('meetup_full');
    expect(one.socket.closedWith).to.equal(undefined);
  });

  it('[MEET-4] holds at its moment only: who lost the seat while it greeted is told by a close frame', async () => {
    const core = new Core();
    core.join();
    const contests = [new Contest(core), new Contest(core)];
    for (const contest of contests) expect(await contest.settled()).to.equal(undefined);
    expect(core.join().socket.closedWith).to.equal(undefined);
    expect(core.join().socket.closedWith?.code).to.equal(4409);
  });
});
