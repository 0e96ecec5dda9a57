import { expect } from 'chai';
import type { DrainPlan } from '../../../proxy/session/drain.js';
import { Entrants } from '../../../proxy/session/entrants.js';
import type { RelayedSession } from '../../../proxy/session/life/message-observer.js';
import { NO_INVOCATIONS } from '../../../proxy/session/views/statistics.js';
import { type Client, Core, EMPTY } from '../../support/core.js';

const PLAN: DrainPlan = { deadline: 10_000, batch: 2, interval: 200, spread: 5_000 };

class Scene {
  readonly core = new Core();
  readonly busy = new Set<RelayedSession | undefined>();
  readonly entrants = new Entrants({
    ...{ present: this.core.present, steering: this.core.steering, clock: this.core.clock },
    statistics: { of: (session) => ({ ...NO_INVOCATIONS, inFlight: this.busy.has(session) ? 1 : 0 }) },
  });

  /** A pair whose second peer came through another replica. */
  pair(meetupId: string, via = 'x-1'): [Client, Client] {
    return [this.core.join({ meetupId }), this.core.join({ meetupId, via })];
  }
}

function codes(clients: readonly Client[]): (number | undefined)[] {
  return clients.map(({ socket }) => socket.closedWith?.code);
}

describe('peers that came through a replica that drains', () => {
  it('[CLOSE-4] go in batches, with those beside them and at one time; nobody else goes', async () => {
    const scene = new Scene();
    const { core, entrants } = scene;
    const all = ['a', 'b', 'c'].map((meetupId) => scene.pair(meetupId));
    const others = scene.pair('o', 'y-1');
    const [waiting, greeting] = [core.join({ meetupId: 'w', via: 'x-1' }), core.connect({ meetupId: 'g', via: 'x-1' })];
    const stays = core.join({ meetupId: 's' });
    expect(entrants.drain('x-1', PLAN)).to.equal(true);
    expect(codes([waiting, greeting])).to.deep.equal([1012, 1012]);
    expect(all.flatMap(codes)).to.deep.equal([1012, 1012, 1012, 1012, undefined, undefined]);
    core.clock.advance(PLAN.interval);
    expect(all.flatMap(codes)).to.deep.equal([1012, 1012, 1012, 1012, 1012, 1012]);
    for (const [one, two] of all) {
      const [mine, its] = [one, two].map(({ socket }) => /retry in \d+ s/.exec(socket.closedWith?.reason ?? '')?.[0]);
      expect(mine).to.equal(its);
      expect(two.socket.closedWith?.reason).to.match(/; messages taken: 1$/);
    }
    core.clock.advance(60_000);
    expect(codes([...others, stays])).to.deep.equal([undefined, undefined, undefined]);
    await Promise.resolve();
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-4] are waited for while requests are in flight, but not beyond the deadline', async () => {
    const scene = new Scene();
    const { core, entrants, busy } = scene;
    const [quick, slow] = [scene.pair('quick'), scene.pair('slow')];
    for (const [one] of [quick, slow]) busy.add(one.peer.session);
    entrants.drain('x-1', PLAN);
    core.clock.advance(4_000);
    expect([quick, slow].flatMap(codes)).to.deep.equal([undefined, undefined, undefined, undefined]);
    busy.delete(quick[0].peer.session);
    core.clock.advance(20);
    expect(codes(quick)).to.deep.equal([1012, 1012]);
    core.clock.advance(6_000);
    expect(codes(slow)).to.deep.equal([1012, 1012]);
    await Promise.resolve();
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('are drained once at a time, and again when more have come', async () => {
    const scene = new Scene();
    const { core, entrants } = scene;
    const first = scene.pair('a');
    for (let asked = 0; asked < 3; asked += 1) expect(entrants.drain('x-1', PLAN)).to.equal(true);
    expect(codes(first)).to.deep.equal([1012, 1012]);
    await Promise.resolve();
    const later = scene.pair('b');
    core.clock.advance(PLAN.deadline * 2);
    expect(codes(later)).to.deep.equal([undefined, undefined]);
    entrants.drain('x-1', PLAN);
    expect(codes(later)).to.deep.equal([1012, 1012]);
    await Promise.resolve();
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('end who comes through it while the drain goes on', async () => {
    const scene = new Scene();
    const { core, entrants, busy } = scene;
    const pair = scene.pair('a');
    busy.add(pair[0].peer.session);
    entrants.drain('x-1', PLAN);
    const late = core.join({ meetupId: 'late', via: 'x-1' });
    core.clock.advance(PLAN.interval);
    expect(codes([late])).to.deep.equal([1012]);
    core.clock.advance(PLAN.deadline);
    await Promise.resolve();
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('are drained for so many replicas at one time, and no more', async () => {
    const { core, entrants } = new Scene();
    for (let n = 0; n < 1_000; n += 1) core.connect({ meetupId: `m${n}`, via: `x-${n}` });
    // A peer that has not ended keeps its drain going: here each is ended at once, and the drain's end is a turn away.
    for (let n = 0; n < 1_000; n += 1) expect(entrants.drain(`x-${n}`, PLAN)).to.equal(true);
    expect(entrants.drain('one too many', PLAN)).to.equal(false);
    await Promise.resolve();
    await Promise.resolve();
    expect(entrants.drain('one too many', PLAN)).to.equal(true);
    await Promise.resolve();
    expect(core.leaks()).to.deep.equal(EMPTY);
  });
});
