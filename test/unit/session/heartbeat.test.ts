import { expect } from 'chai';
import { Core, EMPTY } from '../../support/core.js';

describe('heartbeat', () => {
  it('[LIVE-1] pings every peer at the 101 and every 10 s after it, whatever its stage', () => {
    const core = new Core({ helloTimeout: 120_000 });
    const [one, two] = core.pair();
    const waiting = core.join({ meetupId: 'other' });
    const silent = core.connect({ meetupId: 'other' });
    for (const { socket } of [one, two, waiting, silent]) expect(socket.pings).to.equal(1);
    core.clock.advance(60_000);
    for (const { socket } of [one, two, waiting, silent]) expect(socket.pings).to.equal(7);
    expect(one.peer.lastPongAt).to.equal(core.clock.now());
  });

  it('[LIVE-2] ends a peer that does not answer, and tells the other', () => {
    const core = new Core();
    const [one, two] = core.pair();
    one.socket.alive = false;
    core.clock.advance(19_999);
    expect(one.socket.closedWith).to.equal(undefined);
    core.clock.advance(1_001);
    expect(one.socket.closedWith).to.deep.equal({ code: 1002, reason: 'Ping timed out (10 seconds)' });
    expect(two.socket.closedWith).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[LIVE-1] finds a peer that is silent from the start after 10 s, with one timer for all', () => {
    const core = new Core({ helloTimeout: 120_000 });
    const { timers } = core.clock;
    const clients = Array.from({ length: 3 }, () => core.connect({}, { alive: false }));
    // Each peer has its own time for the HELLO.
    expect(core.clock.timers - timers).to.equal(clients.length);
    core.clock.advance(9_999);
    for (const { socket } of clients) expect(socket.closedWith).to.equal(undefined);
    core.clock.advance(1);
    for (const { socket } of clients) expect(socket.closedWith?.reason).to.equal('Ping timed out (10 seconds)');
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[LIVE-2] ends a waiting peer that does not answer', () => {
    const core = new Core();
    const { socket } = core.join();
    socket.alive = false;
    core.clock.advance(21_000);
    expect(socket.closedWith?.reason).to.equal('Ping timed out (10 seconds)');
  });

  it('[LIVE-2] takes any byte for an answer: a long message is on its way', () => {
    const core = new Core();
    const [one] = core.pair();
    one.socket.alive = false;
    for (let second = 0; second < 120; second += 1) {
      core.clock.advance(1_000);
      if (second % 9 === 0) one.socket.received += 1;
    }
    expect(one.socket.closedWith).to.equal(undefined);
    core.clock.advance(21_000);
    expect(one.socket.closedWith?.reason).to.equal('Ping timed out (10 seconds)');
  });

  it('[LIVE-2] takes no byte from before the ping for an answer', () => {
    const core = new Core();
    const [one, two] = core.pair();
    one.socket.alive = false;
    core.clock.advance(9_000);
    one.socket.receive('last words');
    core.clock.advance(12_000);
    expect(one.socket.closedWith?.reason).to.equal('Ping timed out (10 seconds)');
    expect(two.socket.texts).to.deep.equal(['last words']);
  });

  it('[LIVE-3] does not count the silence of a peer that is not read, and gives it the whole time afterwards', () => {
    const core = new Core({ stallTimeout: 3_600_000 });
    const [one, two] = core.pair();
    one.socket.alive = false;
    two.socket.backlog = 5_000;
    one.socket.receive('x');
    core.clock.advance(300_000);
    expect(one.socket.closedWith).to.equal(undefined);
    two.socket.drain(0);
    core.clock.advance(9_000);
    expect(one.socket.closedWith).to.equal(undefined);
    core.clock.advance(2_000);
    expect(one.socket.closedWith?.reason).to.equal('Ping timed out (10 seconds)');
  });

  it('[LIVE-3] does not count the silence of a peer that takes what is before its ping, and gives it the whole time afterwards', () => {
    const core = new Core({ stallTimeout: 3_600_000 });
    const [, two] = core.pair();
    two.socket.alive = false;
    two.socket.backlog = 50_000;
    // A slow line takes bytes in steps.
    for (let step = 0; step < 40; step += 1) {
      core.clock.advance(9_000);
      two.socket.drain(two.socket.backlog - 1_000);
    }
    expect(two.socket.closedWith).to.equal(undefined);
    two.socket.drain(0);
    core.clock.advance(9_000);
    expect(two.socket.closedWith).to.equal(undefined);
    core.clock.advance(2_000);
    expect(two.socket.closedWith?.reason).to.equal('Ping timed out (10 seconds)');
  });

  describe('of a peer whose line is cut in the middle of traffic', () => {
    /** Time after the cut at which the other one is told, milliseconds; bytes vanish into buffers on the way before they begin to wait. */
    function told(
      cutAt: number,
      waitsAfter: number,
      bounds: { pingInterval?: number; pingTimeout?: number } = {},
    ): number {
      const core = new Core(bounds);
      const [one, two] = core.pair();
      core.clock.advance(cutAt);
      two.socket.alive = false;
      let after = 0;
      while (one.socket.closedWith === undefined && after < 120_000) {
        one.socket.receive('x');
        if (after < waitsAfter) two.socket.taken += 1;
        else two.socket.backlog += 1;
        core.clock.advance(100);
        after += 100;
      }
      return after;
    }

    it('[LIVE-3] tells the other within 25 s, whenever bytes begin to wait', () => {
      for (let cutAt = 0; cutAt <= 10_000; cutAt += 500) {
        for (let waitsAfter = 0; waitsAfter <= 20_000; waitsAfter += 1_000) {
          expect(told(cutAt, waitsAfter), `cut at ${cutAt}, waiting after ${waitsAfter}`).to.be.at.most(25_000);
        }
      }
    });

    it('[LIVE-1] tells the other within 3 intervals where another one is set', () => {
      for (const pingInterval of [200, 1_000, 4_000, 30_000]) {
        const bounds = { pingInterval, pingTimeout: Math.min(pingInterval, 10_000) };
        for (const part of [0, 0.3, 0.6, 0.9]) {
          for (const waits of [0, 0.5, 1, 1.5]) {
            expect(told(part * pingInterval, waits * pingInterval, bounds)).to.be.at.most(3 * pingInterval);
          }
        }
      }
    });
  });

  it('[LIVE-2] hears a pong that comes just before somebody else asks', async () => {
    const core = new Core({ pingTimeout: 10_000, probeTimeout: 12_000 });
    const [one] = core.pair();
    one.socket.alive = false;
    core.clock.advance(19_900);
    one.socket.pong();
    const contest = core.registry.contest({ ...one.peer.admission });
    core.clock.advance(200);
    expect(one.socket.closedWith).to.equal(undefined);
    one.socket.pong();
    expect(await contest).to.equal('meetup_full');
  });

  it('[LIVE-1] keeps its times when they are short', () => {
    const core = new Core({ pingInterval: 200, pingTimeout: 200, stallTimeout: 400 });
    const [one] = core.pair();
    one.socket.alive = false;
    core.clock.advance(500);
    expect(one.socket.closedWith?.reason).to.equal('Ping timed out (0.2 seconds)');
  });
});
