import { expect } from 'chai';
import fc from 'fast-check';
import { BUCKETS, bucketOf, DurationCounts, middleOf, percentile } from '../../../page/buckets.js';

describe('the buckets of the page’s durations', () => {
  it('a bucket’s middle is within a tenth of what is in it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 60_000, noNaN: true }), (ms) => {
        expect(middleOf(bucketOf(ms)) / ms).to.be.within(0.9, 1.1);
      }),
    );
  });

  it('whatever number comes, it has a bucket', () => {
    fc.assert(
      fc.property(fc.double(), (ms) => {
        expect(bucketOf(ms)).to.be.within(0, BUCKETS - 1);
      }),
    );
  });

  it('percentiles of lists put together are those of all their values', () => {
    const value = fc.double({ min: 0.02, max: 60_000, noNaN: true });
    const lists = fc.array(fc.array(value, { maxLength: 30 }), { maxLength: 5 });
    fc.assert(
      fc.property(lists, fc.constantFrom(0.5, 0.9, 0.99, 1), (values, part) => {
        const counts = new DurationCounts();
        const sparse = values.map((list) => {
          for (const one of list) counts.observe(one);
          return counts.take();
        });
        const all = values.flat().sort((a, b) => a - b);
        const expected = all[Math.max(1, Math.ceil(all.length * part)) - 1];
        const found = percentile(sparse, part);
        if (expected === undefined) expect(found).to.equal(undefined);
        else expect(found).to.equal(middleOf(bucketOf(expected)));
      }),
    );
  });
});
