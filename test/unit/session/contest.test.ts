import { expect } from 'chai';
import type { Admission } from '../../../proxy/session/peer.js';
import { type Client, Core, EMPTY } from '../../support/core.js';
import { admission, identity } from '../../support/fixtures.js';

type Answer = Awaited<ReturnType<Core['registry']['contest']>>;

/** A contest, and whether it was decided yet. */
class Contest {
  answer: Answer | 'open' = 'open';

  constructor(core: Core, given: Partial<Admission> = {}) {
    void core.registry.contest(admission(given)).then((answer) => {
      this.answer = answer;
    });
  }

  /** The answer, once what has happened so far has had its effect; `open` when there is none. */
  async settled(): Promise<Answer | 'open'> {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    return this.answer;
  }
}

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
    expect(core.registry.sessions.size).to.equal(1);
  });

  it('[MEET-5, MEET-6] a living peer with the same certificate gets its pair without delay', async () => {
    const core = new Core();
    const same = identity();
    core.join({ identity: same });
    expect(await new Contest(core, { identity: same }).settled()).to.equal(undefined);
    core.join({ identity: same });
    expect(core.registry.paired).to.equal(1);
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

  const states: readonly State[] = [
    { of: 'frozen with a backlog', before: ({ one }) => wait(one), live: false },
    {
      of: 'a slow reader with a backlog',
      before: ({ one }) => wait(one),
      meanwhile: ({ one }) => take(one),
      live: true,
    },
    { of: 'a slow reader that is not read', before: bothWays, meanwhile: ({ one }) => take(one), live: true },
    { of: 'not read, behind one that takes its bytes', before: held, meanwhile: ({ two }) => take(two), live: true },
    {
      of: 'not read, with a backlog, behind one that takes its bytes',
      before: bothWays,
      meanwhile: ({ two }) => take(two),
      live: true,
    },
    { of: 'one of two of whom neither takes a byte', before: bothWays, live: false },
    { of: 'frozen, behind one that takes no byte either', before: held, live: false, told: 'two' },
    { of: 'frozen and pays off its rate', before: ({ one }) => one.peer.hold('rate'), live: true },
    {
      of: 'frozen with a backlog and pays off its rate',
      before: ({ one }) => {
        wait(one);
        one.peer.hold('rate');
      },
      live: true,
    },
    {
      of: 'silent after it took all that waited',
      before: ({ one }) => wait(one),
      meanwhile: ({ one }) => one.socket.drain(0),
      after: 4_000,
      live: false,
    },
    {
      of: 'silent once it is read again',
      before: held,
      meanwhile: ({ two }) => two.socket.drain(0),
      after: 4_000,
      live: false,
    },
    {
      of: 'one that answers once it is read again',
      before: held,
      meanwhile: ({ one, two }) => {
        two.socket.drain(0);
        one.socket.pong();
      },
      live: true,
    },
    { of: 'frozen while what it is sent begins to wait', meanwhile: ({ one }) => wait(one), after: 4_000, live: false },
    {
      of: 'a slow reader of what begins to wait',
      meanwhile: ({ one }) => wait(one),
      later: ({ one }) => take(one),
      after: 4_000,
      live: true,
    },
    { of: 'one that sends while it is asked', meanwhile: ({ one }) => one.socket.receive('x'), live: true },
  ];
  for (const { of, before, meanwhile, later, after = 2_000, live, told = 'one' } of states) {
    it(`[MEET-5] is ${live ? 'lost' : 'won'} against a peer that is ${of}`, async () => {
      const core = new Core();
      const [one, two] = core.pair();
      const pair = { one, two };
      for (const { socket } of [one, two]) socket.alive = false;
      before?.(pair);
      const contest = new Contest(core, { identity: pair[told].peer.admission.identity });
      // Who is not asked about has answered.
      if (told === 'one') two.socket.pong();
      meanwhile?.(pair);
      if (after > 2_000) core.clock.advance(2_000);
      later?.(pair);
      core.clock.advance(1_999);
      expect(one.socket.closedWith).to.equal(undefined);
      core.clock.advance(1);
      expect(await contest.settled()).to.equal(live ? 'meetup_full' : undefined);
      const reason = live ? undefined : 'Probe timed out (2 seconds)';
      expect(pair[told].socket.closedWith?.reason).to.equal(reason);
      expect(core.leaks()).to.deep.equal(EMPTY);
    });
  }

  it('[MEET-5] is won against a peer with a backlog by its own certificate, and by another only once it took nothing for the time of a ping', async () => {
    const core = new Core();
    const [one] = core.pair();
    one.socket.alive = false;
    wait(one);
    const early = new Contest(core);
    core.clock.advance(2_000);
    expect(await early.settled()).to.equal('meetup_full');
    core.clock.advance(8_000);
    const other = new Contest(core);
    core.clock.advance(1_000);
    // Its own certificate joins the question.
    const own = new Contest(core, { identity: one.peer.admission.identity });
    expect(await own.settled()).to.equal('open');
    core.clock.advance(1_000);
    expect(await own.settled()).to.equal(undefined);
    expect(await other.settled()).to.equal(undefined);

    const [two] = core.pair();
    two.socket.alive = false;
    wait(two);
    core.clock.advance(11_000);
    const late = new Contest(core);
    core.clock.advance(2_000);
    expect(await late.settled()).to.equal(undefined);
    expect(two.socket.closedWith?.reason).to.equal('Probe timed out (2 seconds)');
  });

  it('[MEET-5] a line that broke while its peer was not read is found by the ping', async () => {
    const core = new Core();
    const [one, two] = core.pair();
    held({ one, two });
    one.socket.breaksAtPing = true;
    expect(await new Contest(core).settled()).to.equal(undefined);
    expect(one.peer.state).to.have.nested.property('ending.label', 'connection_lost');
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

type Pair = { readonly one: Client; readonly two: Client };

/** A peer that answers no ping while its seat is contested, and what becomes of it. */
interface State {
  readonly of: string;
  readonly before?: (pair: Pair) => void;
  /** After it was asked. */
  readonly meanwhile?: (pair: Pair) => void;
  /** After it had its time once. */
  readonly later?: (pair: Pair) => void;
  /** When the contest is decided, milliseconds. */
  readonly after?: number;
  readonly live: boolean;
  /** Whose probe it is. */
  readonly told?: 'one' | 'two';
}

function wait({ socket }: Client): void {
  socket.backlog = 5_000;
}

function take({ socket }: Client): void {
  socket.drain(socket.backlog - 100);
}

/** The first is not read: what waits for the second is above the high mark. */
function held({ one, two }: Pair): void {
  wait(two);
  one.socket.receive('x');
}

function bothWays({ one, two }: Pair): void {
  held({ one, two });
  held({ one: two, two: one });
}
