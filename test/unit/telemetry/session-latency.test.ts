import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { PERIOD_MS, SessionLatency } from '../../../proxy/telemetry/calls/session-latency.js';

/** Widest error of a class: a third of an octave. */
const CLASS_WIDTH = 2 ** (1 / 3) * 1.000_001;

function added(latencies: readonly number[]): SessionLatency {
  const made = new SessionLatency(0);
  for (const ms of latencies) made.add(ms, ms / 4, (ms * 3) / 4, 0);
  return made;
}

/** Bytes that are held after a collection, within the heap of JavaScript and beside it. */
function held(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('how long the calls of a session took', () => {
  it('tells a p99 that is never too short, at most a class too long, and never longer than the longest', () => {
    const latency = fc.double({ min: 0.1, max: 200_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 400 }), (latencies) => {
        const sorted = latencies.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
        const most = sorted.at(-1) ?? 0;
        const told = added(latencies).p99(most, 0);
        expect(told).to.be.at.least(exact * 0.999_999);
        expect(told).to.be.at.most(Math.min(exact * CLASS_WIDTH, most) + 0.001);
        expect(Math.round(told * 1000) / 1000).to.equal(told);
      }),
    );
  });

  it('passes over one slow call of a hundred, and tells two', () => {
    const fast = new Array<number>(99).fill(1);
    expect(added([...fast, 5000]).p99(5000, 0)).to.be.below(2);
    expect(added([...fast.slice(1), 5000, 5000]).p99(5000, 0)).to.equal(5000);
  });

  it('forgets a call after two periods, and not before the end of the next', () => {
    const slow = added([5000]);
    expect(slow.p99(5000, 2 * PERIOD_MS - 1)).to.equal(5000);
    slow.add(1, 0, 1, 2 * PERIOD_MS - 1);
    expect(slow.p99(5000, 2 * PERIOD_MS - 1)).to.equal(5000);
    expect(slow.p99(5000, 3 * PERIOD_MS)).to.be.below(2);
    expect(slow.p99(5000, 9 * PERIOD_MS)).to.equal(0);
  });

  it('is little to remember, and less once the session has been idle', () => {
    const COUNT = 5_000;
    const before = held();
    const all = Array.from({ length: COUNT }, () => added([1, 30, 900]));
    expect((held() - before) / COUNT).to.be.below(400);
    for (const one of all) expect(one.p99(900, 2 * PERIOD_MS)).to.equal(0);
    expect((held() - before) / COUNT).to.be.below(200);
    expect(all).to.have.length(COUNT);
  });

  it('takes calls of any length, and more than it counts', () => {
    expect(added([0, 1e9]).p99(1e9, 0)).to.be.above(200_000);
    const many = new SessionLatency(0);
    for (let n = 0; n < 70_000; n += 1) many.add(1, 0, 1, 0);
    expect(many.p99(1, 0)).to.equal(1);
    expect(many.peerTotal).to.equal(70_000);
  });
});
