import { expect } from 'chai';
import { Contest } from '../../support/contest.js';
import { type Client, Core, EMPTY } from '../../support/core.js';

type Pair = { readonly one: Client; readonly two: Client };

/** A peer that answers no ping while its seat is contested, and its fate. */
interface State {
  readonly of: string;
  readonly before?: (pair: Pair) => void;
  /** Runs after the peer was pinged. */
  readonly meanwhile?: (pair: Pair) => void;
  /** Runs after the peer had the time of a ping once. */
  readonly later?: (pair: Pair) => void;
  /** Time until the contest is decided, milliseconds. */
  readonly after?: number;
  readonly live: boolean;
  /** The peer that is probed. */
  readonly told?: 'one' | 'two';
}

function wait({ socket }: Client): void {
  socket.backlog = 5_000;
}

function take({ socket }: Client): void {
  socket.drain(socket.backlog - 100);
}

/** The first peer is not read, since more waits for the second than the high mark allows. */
function held({ one, two }: Pair): void {
  wait(two);
  one.socket.receive('x');
}

function bothWays({ one, two }: Pair): void {
  held({ one, two });
  held({ one: two, two: one });
}

describe('a contest where a ping or its pong cannot pass', () => {
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
      // The other peer has answered.
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
    // The peer's own certificate joins the contest.
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
});
