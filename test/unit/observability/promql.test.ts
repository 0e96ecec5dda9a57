import { expect } from 'chai';
import { namesIn } from '../../support/promql.js';

describe('names in PromQL', () => {
  for (const [expression, selectors, groupings] of [
    ['up == 0', [['up']], []],
    ['sum(rate(a_total{x="b{y=}", z!~\'c\'}[5m])) > 0.5', [['a_total', 'x', 'z']], []],
    ['sum by (x, y) (a) / on (z) group_left (w) b', [['a'], ['b']], ['x', 'y', 'z', 'w']],
    ['a{x=~"$x"}[$__rate_interval] and b or absent(c)', [['a', 'x'], ['b'], ['c']], []],
    ['topk(3, job:a:rate5m > 0) # not: nothing', [['job:a:rate5m']], []],
    ['histogram_quantile(0.99, sum without (le) (a_bucket offset 1h))', [['a_bucket']], ['le']],
    ['(a > 0) - time() < 14 * 86400', [['a']], []],
    ['a{}', [['a']], []],
  ] as const) {
    it(expression, () => {
      const names = namesIn(expression);
      expect(names.selectors.map(({ metric, labels }) => [metric, ...labels])).to.deep.equal(selectors);
      expect(names.groupings).to.deep.equal(groupings);
    });
  }
});
