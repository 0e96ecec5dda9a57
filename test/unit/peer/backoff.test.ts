import { expect } from 'chai';
import fc from 'fast-check';
import { backoff, defaultBackoff as bounds } from '../../../peer/backoff.js';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.integer({ min: 1, max: 1_000_000 });
const retryAfter = fc.integer({ min: 0, max: 3600 });

describe('backoff', () => {
  it('is full jitter: anything from 0 to the doubled base, never above the cap', () => {
    fc.assert(
      fc.property(failures, random, (count, chance) => {
        const wait = backoff({ retry: 'now' }, count, chance, bounds);
        expect(wait).to.be.within(0, Math.min(bounds.cap, bounds.base * 2 ** (count - 1)));
      }),
    );
    expect(backoff({ retry: 'now' }, 4, 0.5, bounds)).to.equal(2000);
    expect(backoff({ retry: 'now' }, 4, 0, bounds)).to.equal(0);
  });

  it('never comes before the time that the other side names, and not a cap later', () => {
    fc.assert(
      fc.property(failures, random, retryAfter, fc.constantFrom('now', 'later'), (count, chance, seconds, retry) => {
        const wait = backoff({ retry, retryAfter: seconds }, count, chance, bounds);
        expect(wait).to.be.within(seconds * 1000, seconds * 1000 + bounds.cap);
      }),
    );
  });

  it('waits a while where asked to come later without a time', () => {
    fc.assert(
      fc.property(failures, random, (count, chance) => {
        expect(backoff({ retry: 'later' }, count, chance, bounds)).to.be.within(
          bounds.later,
          bounds.later + bounds.cap,
        );
      }),
    );
  });

  it('slows down where asked not to come, and comes all the same', () => {
    fc.assert(
      fc.property(failures, random, (count, chance) => {
        expect(backoff({ retry: 'never' }, count, chance, bounds)).to.be.within(bounds.never / 2, bounds.never);
      }),
    );
  });

  it('spreads peers that lost the same proxy', () => {
    const waits = [0.1, 0.5, 0.9].map((chance) => backoff({ retry: 'later', retryAfter: 10 }, 3, chance, bounds));
    expect(new Set(waits).size).to.equal(3);
  });
});
