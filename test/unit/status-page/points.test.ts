import { expect } from 'chai';
import { percentile } from '../../../page/buckets.js';
import { INTERVAL, INTERVALS, LOOKED_AT, Points } from '../../../proxy/page/points.js';
import { FakeClock } from '../../support/fake-clock.js';
import { Meeting, type Pair, request, response } from '../../support/pair.js';
import { type Watch, watch } from '../../support/watch.js';

describe('the data of the page’s charts', () => {
  let clock: FakeClock;
  let watched: Watch;
  let points: Points;
  let pair: Pair;
  let id = 0;
  beforeEach(() => {
    clock = new FakeClock();
    watched = watch(clock);
    pair = new Meeting({ messages: watched.invocations, clock }).pair();
    points = new Points(clock, watched.counts, (audience) => watched.journal.subscribe(audience));
  });
  afterEach(() => {
    points.close();
    expect(clock.timers).to.equal(0);
  });

  function call(status: number, ms: number): void {
    id += 1;
    pair.manager.receive(request(id));
    watched.turn();
    clock.advance(ms);
    pair.gateway.receive(response(id, status));
    watched.turn();
  }

  it('are ten minutes in intervals, by the counts of the metrics', () => {
    call(200, 30);
    call(404, 30);
    call(503, 30);
    clock.advance(INTERVAL);
    const [first] = points.after(0);
    expect(first).to.include({ ok: 1, answered4xx: 1, failed: 1, ms: INTERVAL });
    expect(first?.messages).to.be.at.least(6);
    clock.advance(INTERVAL);
    expect(points.after(1).map(({ ok, messages }) => [ok, messages])).to.deep.equal([[0, 0]]);
    clock.advance(INTERVAL * 2 * INTERVALS);
    expect(points.after(0)).to.have.length(INTERVALS);
  });

  it('tell how calls ended: a 4xx is no failure to be alarmed at, and what has no end that is known counts nowhere', () => {
    for (const outcome of ['ok', 'one_way', 'timeout', 'kicked', 'duplicate_id', 'orphan_response'] as const) {
      watched.counts.unmatched(outcome);
    }
    call(404, 1);
    call(503, 1);
    call(0, 1);
    clock.advance(INTERVAL);
    expect(points.after(0)[0]).to.include({ ok: 2, answered4xx: 1, failed: 4 });
  });

  it('cost no call anything while nobody looks, and have its time all the same, as fine as the metrics have', () => {
    expect(points.isCounting).to.equal(false);
    call(200, 300);
    clock.advance(INTERVAL);
    const [p50 = 0] = points.after(0).map(({ total }) => percentile([total], 0.5));
    expect(p50).to.be.within(250, 500);
  });

  it('count each time exactly while somebody looks, and stop it thereafter', () => {
    points.asked();
    clock.advance(INTERVAL);
    call(200, 400);
    clock.advance(INTERVAL);
    const [p50 = 0] = points.after(1).map(({ total }) => percentile([total], 0.5));
    expect(p50 / 400).to.be.within(0.9, 1.1);
    points.asked();
    clock.advance(LOOKED_AT - 1);
    expect(points.isCounting).to.equal(true);
    clock.advance(1);
    expect(points.isCounting).to.equal(false);
  });
});
