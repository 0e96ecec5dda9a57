import { expect } from 'chai';
import fc from 'fast-check';
import { fullBucket, isFull, take } from '../../../proxy/policy/limits/token-bucket.js';

const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 10_000 }), burst: fc.integer({ min: 1, max: 10_000 }) });
const steps = fc.array(
  fc.record({ pass: fc.integer({ min: -50, max: 5000 }), cost: fc.integer({ min: 1, max: 500 }) }),
  { maxLength: 100 },
);

describe('token bucket', () => {
  it('grants the burst at once, then what comes back', () => {
    const rate = { perSecond: 10, burst: 3 };
    const bucket = fullBucket(rate, 1000);
    expect([1, 1, 1, 1].map((cost) => take(bucket, rate, cost, 1000))).to.deep.equal([0, 0, 0, 100]);
    expect(take(bucket, rate, 1, 1099)).to.equal(1);
    expect(take(bucket, rate, 1, 1100)).to.equal(0);
    expect(isFull(bucket, rate, 1399)).to.equal(false);
    expect(isFull(bucket, rate, 1400)).to.equal(true);
  });

  it('grants a cost above the burst when full, and has it paid off after', () => {
    const rate = { perSecond: 10, burst: 5 };
    const bucket = fullBucket(rate, 0);
    expect(take(bucket, rate, 25, 0)).to.equal(0);
    expect(take(bucket, rate, 1, 0)).to.equal(2100);
    expect(take(bucket, rate, 1, 2099)).to.equal(1);
    expect(take(bucket, rate, 1, 2100)).to.equal(0);
  });

  it('property: over any time no more is taken than burst + rate · time + the largest cost', () => {
    fc.assert(
      fc.property(rates, steps, (rate, moves) => {
        const bucket = fullBucket(rate, 0);
        let now = 0;
        let latest = 0;
        let taken = 0;
        for (const { pass, cost } of moves) {
          now += pass;
          latest = Math.max(latest, now);
          if (take(bucket, rate, cost, now) === 0) taken += cost;
          expect(taken).to.be.at.most(rate.burst + (rate.perSecond * latest) / 1000 + 500 + 1e-6);
          expect(bucket.tokens).to.be.at.most(rate.burst);
        }
      }),
    );
  });

  it('property: after the time that it names, it grants', () => {
    fc.assert(
      fc.property(rates, steps, (rate, moves) => {
        const bucket = fullBucket(rate, 0);
        let now = 0;
        for (const { pass, cost } of moves) {
          now += Math.abs(pass);
          const wait = take(bucket, rate, cost, now);
          if (wait === 0) continue;
          now += wait;
          expect(take(bucket, rate, cost, now)).to.equal(0);
        }
      }),
    );
  });
});
