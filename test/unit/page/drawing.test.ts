import { expect } from 'chai';
import fc from 'fast-check';
import type { Point } from '../../../page/answer.js';
import type { Trouble } from '../../../page/answer-past.js';
import { bucketOf, middleOf } from '../../../page/buckets.js';
import { age, count, duration, rate, size, visible } from '../../../page/format.js';
import { bars, steps } from '../../../page/plot.js';
import { roundUp, roundUpBinary } from '../../../page/round.js';
import { COLUMNS, columnsOf } from '../../../page/series.js';
import { grouped } from '../../../page/trouble-groups.js';

function point(sequence: number, given: Partial<Point> = {}): Point {
  const at = sequence * 2_000;
  return {
    sequence,
    at,
    ms: 2_000,
    ok: 0,
    failed: 0,
    answered4xx: 0,
    total: [],
    proxy: [],
    messages: 0,
    bytes: 0,
    ...given,
  };
}

function refusal(at: number, given: Partial<Trouble> = {}): Trouble {
  const who = { subject: 'CN=a', isVerified: true, fingerprint: '', peerId: '', remote: '192.0.2.1' };
  const why = {
    label: 'policy_denied',
    code: 403,
    meaning: '',
    advice: '',
    detail: '',
    target: '/x',
    meetupId: 'sub/1',
  };
  return { kind: 'refused', at, first: at, times: 1, ...who, ...why, ...given };
}

describe('the charts of the page', () => {
  it('put five intervals into a column, by the second', () => {
    const columns = columnsOf([
      ...[1, 2, 3, 4, 5].map((n) => point(n, { ok: 2, bytes: 100 })),
      point(6, { failed: 1, total: [bucketOf(4), 1] }),
    ]);
    expect(columns.map(({ ok, failed, bytes }) => [ok, failed, bytes])).to.deep.equal([
      [1, 0, 50],
      [0, 0.5, 0],
    ]);
    expect(columns.map(({ p50 }) => p50)).to.deep.equal([undefined, middleOf(bucketOf(4))]);
  });

  it('have room for ten minutes', () => {
    expect(columnsOf(Array.from({ length: 900 }, (_, i) => point(i + 1)))).to.have.length(COLUMNS);
  });

  it('draw bars on their base, the last at the right end, and none for nothing', () => {
    expect(bars([0, 5], [0, 5], 10)).to.equal('M59.125 50V0h0.75V50Z');
  });

  it('break a line where there is no value', () => {
    expect(steps([1, undefined, 2, 4], 4)).to.equal('M56 75H57M58 50H59V0H60');
  });
});

describe('the axes of the page', () => {
  it('end at a round number that is not below any value', () => {
    const cases = [0, Number.NaN, 0.013, 1, 1.01, 26.4, 61, 99, 1_500, 1_501];
    expect(cases.map(roundUp).map((one) => Number(one.toPrecision(3)))).to.deep.equal([
      1, 1, 0.015, 1, 1.5, 30, 80, 100, 1_500, 2_000,
    ]);
    expect([0, 900, 1_001, 1_500, 18_000].map(roundUpBinary)).to.deep.equal([1, 1_000, 1_024, 1_536, 20_480]);
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), (value) => {
        expect(roundUp(value)).to.be.at.least(value * (1 - 1e-8));
        expect(roundUpBinary(value)).to.be.at.least(value * (1 - 1e-8));
      }),
    );
  });
});

describe('the texts of the page', () => {
  it('show what cannot be seen and what turns the direction', () => {
    expect(visible('a\u202eb\u0000c\nü')).to.equal('a⟨U+202E⟩b⟨U+0000⟩c⟨U+000A⟩ü');
  });
});

describe('the numbers of the page', () => {
  it('are short', () => {
    expect([0.001, 0.184, 4.21, 99.96, 1_240, 90_000].map(duration)).to.deep.equal([
      '0 ms',
      '0.18 ms',
      '4.21 ms',
      '100 ms',
      '1.24 s',
      '1 min',
    ]);
    expect([12_000, 240_000, 7_500_000, 200_000_000].map(age)).to.deep.equal(['12 s', '4 min', '2 h 5 min', '2 d 7 h']);
    expect([0, 999, 1_024, 5_000_000].map(size)).to.deep.equal(['0 B', '999 B', '1 KiB', '4.77 MiB']);
    expect(rate(0.5)).to.equal('0.5/s');
    expect(count(12_345)).to.equal('12\u202f345');
  });
});

describe('the troubles of the page', () => {
  it('that repeat are one, the latest first', () => {
    const groups = grouped([refusal(2, { first: 1, times: 4 }), refusal(2, { subject: 'CN=b' }), refusal(3)]);
    expect(groups.map(({ first, last, count }) => [first, last.at, count])).to.deep.equal([
      [1, 3, 5],
      [2, 2, 1],
    ]);
  });
});
