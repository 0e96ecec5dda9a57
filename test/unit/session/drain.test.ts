import { expect } from 'chai';
import { Drain, type DrainPlan } from '../../../proxy/session/drain.js';
import type { RelayedSession } from '../../../proxy/session/life/message-observer.js';
import { NO_INVOCATIONS } from '../../../proxy/session/views/statistics.js';
import { type Client, Core, EMPTY } from '../../support/core.js';
import { hello } from '../../support/fixtures.js';

const PLAN: DrainPlan = { deadline: 10_000, batch: 2, interval: 200, spread: 20_000 };

/** A drain over a core, and whether it is done; `busy` are the sessions with invocations in flight. */
class Draining {
  readonly core = new Core({ waitTimeout: 3_600_000 });
  readonly busy = new Set<RelayedSession | undefined>();
  readonly drain = new Drain(this.core.present, this.core.steering, this.core.clock, {
    of: (session) => ({ ...NO_INVOCATIONS, inFlight: this.busy.has(session) ? 1 : 0 }),
  });
  done = false;

  start(plan: Partial<DrainPlan> = {}): void {
    void this.drain.start({ ...PLAN, ...plan }).then(() => {
      this.done = true;
    });
  }

  pairs(count: number): [Client, Client][] {
    return Array.from({ length: count }, (_, at) => this.core.pair({ meetupId: `m${at}` }));
  }
}

function closed(pairs: readonly (readonly [Client, Client])[]): number {
  return pairs.flat().filter(({ socket }) => socket.closedWith !== undefined).length / 2;
}

describe('drain', () => {
  it('[CLOSE-4] ends who greets or waits at once, with 1012 and a time to come back', () => {
    const { core, drain } = new Draining();
    const [waiting, greeting] = [core.join(), core.connect()];
    const done = drain.start(PLAN);
    for (const { socket } of [waiting, greeting]) {
      expect(socket.closedWith?.code).to.equal(1012);
      expect(socket.closedWith?.reason).to.match(
        /^the proxy is restarting: retry in (\d|1\d|20) s; messages taken: [01]$/,
      );
    }
    expect(core.leaks()).to.deep.equal(EMPTY);
    return done;
  });

  it('[CLOSE-4] closes pairs in batches, both peers with 1012', async () => {
    const draining = new Draining();
    const pairs = draining.pairs(5);
    draining.start();
    expect(closed(pairs)).to.equal(2);
    expect(draining.drain.state).to.include({ t: 'draining', sessionsAtStart: 5 });
    draining.core.clock.advance(200);
    expect(closed(pairs)).to.equal(4);
    draining.core.clock.advance(200);
    expect(closed(pairs)).to.equal(5);
    for (const { socket } of pairs.flat()) expect(socket.closedWith?.code).to.equal(1012);
    await draining.drain.start(PLAN);
    expect(draining.done).to.equal(true);
    expect(draining.drain.state.t).to.equal('drained');
    expect(draining.core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-4] waits for requests in flight, but not beyond the deadline', () => {
    const draining = new Draining();
    const [quick, slow, idle] = draining.pairs(3);
    draining.busy.add(quick?.[0].peer.session);
    draining.busy.add(slow?.[0].peer.session);
    draining.start();
    expect(idle?.[0].socket.closedWith?.code).to.equal(1012);
    draining.core.clock.advance(4_000);
    draining.busy.delete(quick?.[0].peer.session);
    draining.core.clock.advance(200);
    expect(quick?.[0].socket.closedWith?.code).to.equal(1012);
    expect(slow?.[0].socket.closedWith).to.equal(undefined);
    slow?.[0].socket.receive('the answer');
    expect(slow?.[1].socket.texts).to.deep.equal(['the answer']);
    draining.core.clock.advance(5_800);
    expect(slow?.[0].socket.closedWith?.code).to.equal(1012);
  });

  it('[CLOSE-4] ends who came through the door just before it shut', async () => {
    const draining = new Draining();
    draining.pairs(3);
    draining.start();
    const late = draining.core.join({ meetupId: 'late' });
    const silent = draining.core.connect({ meetupId: 'silent' });
    draining.core.clock.advance(400);
    expect(late.socket.closedWith?.code).to.equal(1012);
    draining.core.clock.advance(10_000);
    expect(silent.socket.closedWith).not.to.equal(undefined);
    await draining.drain.start(PLAN);
    expect(draining.core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-4] is done at once when nobody is there, and starts only once', async () => {
    const { core, drain } = new Draining();
    expect(drain.state.t).to.equal('serving');
    await Promise.all([drain.start(PLAN), drain.start({ ...PLAN, batch: 1 })]);
    expect(drain.state).to.include({ t: 'drained', sessionsAtStart: 0 });
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-4] asks once for the end of who came here and is served elsewhere, and waits for it', async () => {
    const core = new Core();
    const asked: DrainPlan[] = [];
    const handedOver = { open: 2, drain: (plan: DrainPlan) => void asked.push(plan) };
    const none = { of: () => NO_INVOCATIONS };
    const drain = new Drain(core.present, core.steering, core.clock, none, handedOver);
    let isDone = false;
    const done = drain.start(PLAN).then(() => {
      isDone = true;
    });
    core.clock.advance(PLAN.deadline * 2);
    await Promise.resolve();
    expect([asked, drain.handedOver, drain.state.t, isDone]).to.deep.equal([[PLAN], 2, 'draining', false]);
    handedOver.open = 0;
    core.clock.advance(PLAN.interval);
    await done;
    expect(drain.state.t).to.equal('drained');
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-4] is done when the last peer leaves by itself', async () => {
    const draining = new Draining();
    const [pair] = draining.pairs(1);
    draining.busy.add(pair?.[0].peer.session);
    draining.start();
    pair?.[0].socket.gone();
    draining.core.clock.advance(200);
    await draining.drain.start(PLAN);
    expect(pair?.[1].socket.closedWith?.reason).to.equal('the peer websocket disconnected');
    expect(draining.drain.state.t).to.equal('drained');
  });

  describe('of a pair that is never idle by itself', () => {
    const resends = hello('bridge').replace('"peerId"', '"resends":true,"peerId"');

    function busyPair(draining: Draining): { bridge: Client; gateway: Client; session: RelayedSession | undefined } {
      const bridge = draining.core.connect({ meetupId: 'busy' });
      bridge.socket.receive(resends);
      const gateway = draining.core.join({ meetupId: 'busy' });
      const { session } = bridge.peer;
      draining.busy.add(session);
      return { bridge, gateway, session };
    }

    it('[CLOSE-9] does not read the peer that resends, and tells each what was taken of it', () => {
      const draining = new Draining();
      const { bridge, gateway, session } = busyPair(draining);
      for (let n = 0; n < 3; n += 1) bridge.socket.receive('{}');
      draining.start();
      expect([bridge.socket.paused, gateway.socket.paused]).to.deep.equal([true, false]);
      gateway.socket.receive('{}');
      draining.busy.delete(session);
      draining.core.clock.advance(20);
      expect(bridge.socket.closedWith?.reason).to.match(/; messages taken: 4$/);
      expect(gateway.socket.closedWith?.reason).to.match(/; messages taken: 2$/);
      bridge.socket.receive('too late');
      expect(gateway.socket.texts).not.to.include('too late');
      const pauses = [bridge, gateway].map(({ socket }) => /retry in \d+ s/.exec(socket.closedWith?.reason ?? '')?.[0]);
      expect(pauses[0]).to.equal(pauses[1]);
    });

    it('[CLOSE-9] reads it in between where a call takes long, and no more in the second half of its time', () => {
      const draining = new Draining();
      const { bridge } = busyPair(draining);
      draining.start();
      const seen = Array.from({ length: 20 }, () => {
        const { paused } = bridge.socket;
        draining.core.clock.advance(500);
        return paused ? 'x' : '.';
      });
      expect(seen.join('')).to.equal('xxxx....xxxxxxxxxxxx'.slice(0, 20));
      expect(bridge.socket.closedWith?.code).to.equal(1012);
    });

    it('[HELLO-6] reads on from a peer that does not resend', () => {
      const draining = new Draining();
      const [manager] = draining.core.pair({ meetupId: 'deployed' });
      draining.busy.add(manager.peer.session);
      draining.start();
      draining.core.clock.advance(9_000);
      expect(manager.socket.paused).to.equal(false);
    });
  });
});
