import { expect } from 'chai';
import type { Peer } from '../../../proxy/session/life/peer.js';
import { expiryVerdict, type Verdict } from '../../../proxy/session/steering.js';
import { Core, EMPTY } from '../../support/core.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';

const ID = 'sub/8675309/00224dd149bb';

describe('closing', () => {
  it('[CLOSE-1] closes the other with 1002 when one goes, and frees the meetup at once', () => {
    const core = new Core();
    const [one, two] = core.pair();
    one.socket.gone('closed_by_peer', 1001, 'going away');
    expect(two.socket.closedWith).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });
    expect(core.present.sessions.size).to.equal(0);
    expect(core.join().socket.closedWith).to.equal(undefined);
    expect(core.present.sessions.get(ID)?.state.t).to.equal('waiting');
  });

  it('[CLOSE-1] does so for every way to go', () => {
    for (const label of ['closed_by_peer', 'connection_lost', 'protocol_error', 'message_too_big'] as const) {
      const core = new Core();
      const [one, two] = core.pair();
      two.socket.gone(label, 1006);
      expect(one.socket.closedWith?.reason, label).to.equal('the peer websocket disconnected');
      expect(core.events, label).to.deep.equal([
        `ended p2 ${label}`,
        'ended p1 peer_disconnected',
        `finished ${ID} finished ${label}`,
      ]);
    }
  });

  it('[CLOSE-1] relays nothing to or from a peer that has ended', () => {
    const core = new Core();
    const [one, two] = core.pair();
    one.peer.end('kicked');
    one.socket.receive('late');
    two.socket.receive('late');
    expect([one.socket.sent, two.socket.sent]).to.deep.equal([[], []]);
  });

  it('[CLOSE-2] records the code and the reason that the peer gave', () => {
    const core = new Core();
    const [one] = core.pair();
    one.socket.gone('closed_by_peer', 4999, 'enough');
    const { state } = one.peer;
    expect(state.t === 'ended' && state.ending).to.deep.equal({ label: 'closed_by_peer', code: 4999, text: 'enough' });
  });

  it('[CLOSE-5] both closing at once are ended once each, and the session once', () => {
    const core = new Core();
    const [one, two] = core.pair();
    one.socket.gone('closed_by_peer', 1000);
    two.socket.gone('closed_by_peer', 1000);
    expect(core.events).to.deep.equal([
      'ended p1 closed_by_peer',
      'ended p2 peer_disconnected',
      `finished ${ID} finished closed_by_peer`,
    ]);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-2] ends for the first reason only', () => {
    const core = new Core();
    const [one] = core.pair();
    expect(one.peer.end('kicked', 'first')).to.equal(true);
    expect(one.peer.end('policy_denied')).to.equal(false);
    one.socket.gone();
    expect(one.socket.closedWith).to.deep.equal({ code: 4410, reason: 'kicked by an operator: first' });
    expect(core.events.filter((event) => event.startsWith('ended p1'))).to.deep.equal(['ended p1 kicked']);
  });

  it('[CLOSE-6] an operator ends both peers of a session for one reason, once', () => {
    const core = new Core();
    const [one, two] = core.pair();
    const { session } = one.peer;
    expect(
      session && core.steering.end({ t: 'session', uid: session.uid }, { label: 'kicked', detail: 'maintenance' }),
    ).to.equal(2);
    for (const { socket } of [one, two]) {
      expect(socket.closedWith).to.deep.equal({ code: 4410, reason: 'kicked by an operator: maintenance' });
    }
    expect(core.events).to.deep.equal(['ended p1 kicked', 'ended p2 kicked', `finished ${ID} finished kicked`]);
    expect(session && core.steering.end({ t: 'session', uid: session.uid }, { label: 'kicked' })).to.equal(0);
  });

  it('[CLOSE-6] an operator ends a session that waits', () => {
    const core = new Core({ waitTimeout: 60_000 });
    const { peer, socket } = core.join();
    expect(peer.session && core.steering.end({ t: 'session', uid: peer.session.uid }, { label: 'kicked' })).to.equal(1);
    expect(socket.closedWith?.code).to.equal(4410);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-6] a peer kicked alone takes its session along, and the other is told why it ends', () => {
    const core = new Core();
    const [one, two] = core.pair();
    two.peer.end('kicked');
    expect(one.socket.closedWith?.reason).to.equal('the peer websocket disconnected');
    expect(one.peer.session?.state.t).to.equal('finished');
  });

  it('[CLOSE-3] of a set that is ended each is told its own reason and counted, and its partner outside of the set that it went', () => {
    const core = new Core();
    const [one, two] = core.pair({ meetupId: 'both' });
    const [three, partner] = core.pair({ meetupId: 'one of them' });
    const alone = core.join({ meetupId: 'alone' });
    const greeting = core.connect({ meetupId: 'greeting' });
    const gone = core.join({ meetupId: 'gone' });
    gone.socket.gone();
    core.events.length = 0;
    const revoked = { label: 'certificate_revoked' } as const;
    const verdicts = new Map<Peer, Verdict>([one, alone, greeting, gone, three].map(({ peer }) => [peer, revoked]));
    verdicts.set(two.peer, { label: 'policy_denied', detail: 'no rule' });
    expect(core.steering.endEach(verdicts)).to.equal(5);
    for (const { socket } of [one, three, alone, greeting]) expect(socket.closedWith?.code).to.equal(4402);
    expect(two.socket.closedWith).to.deep.equal({ code: 4403, reason: 'the policy does not allow this: no rule' });
    expect(partner.socket.closedWith?.reason).to.equal('the peer websocket disconnected');
    expect(gone.socket.closedWith).to.equal(undefined);
    expect(core.events.slice(0, 3)).to.deep.equal([
      'ended p1 certificate_revoked',
      'ended p2 policy_denied',
      'finished both finished certificate_revoked',
    ]);
    expect(core.steering.endEach(verdicts)).to.equal(0);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-3] both peers of a pair whose certificates expire together are told so', () => {
    const core = new Core();
    const both = core.pair({ identity: identity({ notAfter: FakeClock.EPOCH / 1000 }) });
    const now = core.clock.now();
    expect(core.steering.sweep(({ identity }) => expiryVerdict(identity.notAfter, now))).to.equal(2);
    for (const { socket } of both) expect(socket.closedWith?.code).to.equal(4401);
  });

  it('[CLOSE-3] a certificate ends its connections in the second in which it expires', () => {
    const core = new Core();
    const soon = identity({ notAfter: FakeClock.EPOCH / 1000 + 60 });
    const [mortal, other] = [core.join({ identity: soon }), core.join()];
    const look = (): number =>
      core.steering.sweep(({ identity }) => expiryVerdict(identity.notAfter, core.clock.now()));
    core.clock.advance(59_999);
    expect(look()).to.equal(0);
    core.clock.advance(1);
    expect(look()).to.equal(1);
    expect(mortal.socket.closedWith).to.deep.equal({ code: 4401, reason: 'the client certificate has expired' });
    expect(other.socket.closedWith?.code).to.equal(1002);
  });
});
