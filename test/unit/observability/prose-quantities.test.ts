import { expect } from 'chai';
import { quantitiesIn } from '../../support/prose-quantities.js';
import { numbersOf } from '../../support/rule-numbers.js';

describe('quantities in prose', () => {
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['for 10 minutes, a minute, `5 min` and 50 ms', [600, 60, 300, 0.05]],
    ['within a day, 7 days, two weeks', [86_400, 604_800, 1_209_600]],
    ['more than a quarter of a second', [0.25]],
    ['a fifth, two thirds, 85 % and 80%', [0.2, 0.666667, 0.85, 0.8]],
    ['more than 0.1 peers a second, one upgrade a second', [0.1, 1]],
    ['14.4 times as fast; 6 times', [14.4, 6]],
    ['more than a limit, one in a hundred, the day, 503 and r2', []],
  ];
  for (const [text, expected] of cases) {
    it(text, () => {
      const { times, shares, others } = quantitiesIn(text);
      expect([...times, ...shares, ...others]).to.have.members([...expected]);
    });
  }
});

describe('numbers of a rule', () => {
  it('are what it compares with, how long it lasts, and the windows of its rates', () => {
    const expr =
      'rate(a[5m]) > on(slo) 14.4 * (1 - b) and x:ratio_rate1h < 14 * 86400 and c == 7 and (d > 0) and e > 1';
    const { needed, allowed } = numbersOf([{ expr, for: '15m' }]);
    expect([...needed]).to.have.members([14.4, 14 * 86_400, 900]);
    expect([...allowed])
      .to.include.members([300, 3600, 1])
      .and.not.include(7);
  });
});
