import { expect } from 'chai';
import fc from 'fast-check';
import { FAILURES, KINDS, STATES } from '../../../page/answer.js';
import { boundsOf, FIRST, RANGES, searchOf, type View, viewIn } from '../../../page/view.js';

const text = fc.string({ maxLength: 200, unit: 'grapheme' }).filter((one) => one.length <= 200);
const time = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4_102_444_800_000 }));
const hex = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
  .map((one) => one.join(''));
const views: fc.Arbitrary<View> = fc.record({
  calls: text,
  failure: fc.constantFrom(...FAILURES),
  sessions: text,
  state: fc.constantFrom(...STATES),
  offset: fc.integer({ min: 0, max: 999_999_999 }),
  troubles: text,
  kind: fc.constantFrom(...KINDS),
  range: fc.constantFrom(...RANGES),
  from: time,
  to: time,
  meetup: text,
  trace: fc.oneof(fc.constant(''), hex),
});

describe('what the page shows', () => {
  it('stands in its URL, which gives the same view to whoever opens it', () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(viewIn(searchOf(view))).to.deep.equal(view);
      }),
    );
    expect(searchOf(FIRST)).to.equal('');
    expect(searchOf({ ...FIRST, meetup: 'sub/1/a', failure: 'errors' })).to.equal('?failure=errors&meetup=sub/1/a');
  });

  it('is as at first wherever a URL makes no sense, and never throws', () => {
    expect(viewIn('?failure=x&state=1&range=&offset=-1&from=yesterday&trace=12&other=1')).to.deep.equal(FIRST);
    // A year in the making.
    expect(viewIn('?to=0202-01-01T00:00')).to.deep.equal(FIRST);
    fc.assert(
      fc.property(fc.string(), (search) => {
        expect(() => searchOf(viewIn(search))).not.to.throw();
      }),
    );
  });

  it('takes a trace id as it was copied', () => {
    const trace = '0AF7651916CD43DD8448EB211C80319C';
    expect(viewIn(`?trace=%20${trace}%0A`).trace).to.equal(trace.toLowerCase());
  });

  it('has bounds in time: none, back from now, or two moments', () => {
    expect(boundsOf(FIRST, 5)).to.deep.equal({ from: 0, to: 0 });
    expect(boundsOf({ ...FIRST, range: '1h' }, 10_000_000)).to.deep.equal({ from: 6_400_000, to: 0 });
    expect(boundsOf({ ...FIRST, range: 'between', from: 7, to: 9 }, 10)).to.deep.equal({ from: 7, to: 9 });
    expect(boundsOf({ ...FIRST, from: 7, to: 9 }, 10)).to.deep.equal({ from: 0, to: 0 });
  });
});
