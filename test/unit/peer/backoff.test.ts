import { expect } from 'chai';
import fc from 'fast-check';
import { type BackoffCause, backoff, defaultBackoff as bounds } from '../../../peer/backoff.js';
import { setbackOfDial, setbackOfEnd } from '../../../peer/setback.js';
import { refusalBody } from '../../../proxy/door/refuse.js';
import { failed, refused } from '../../../proxy/transport/dial/dial-error.js';
import { ending, type RefusalLabel, refusal } from '../../../proxy/wire/close.js';

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
        expect(wait).to.be.within(seconds * 1000, seconds * 1000 + bounds.laterCap);
      }),
    );
  });

  it('waits a while where asked to come later without a time', () => {
    fc.assert(
      fc.property(failures, random, fc.boolean(), (count, chance, restarts) => {
        const wait = backoff({ retry: 'later', restarts }, count, chance, bounds);
        expect(wait).to.be.within(bounds.later, bounds.later + (restarts ? bounds.cap : bounds.laterCap));
      }),
    );
  });

  it('comes soon after the time that it is told where another replica is about to take over', () => {
    const cause: BackoffCause = { retry: 'now', retryAfter: 1, restarts: true };
    fc.assert(
      fc.property(failures, random, (count, chance) => {
        const wait = backoff(cause, count, chance, bounds);
        expect(wait).to.be.within(1_000, 1_000 + Math.min(bounds.restartCap, bounds.base * 2 ** (count - 1)));
      }),
    );
    expect(refusedBy('unplaced')).to.include(cause);
  });

  it('starts with short waits where asked not to come, slows down, and comes all the same', () => {
    expect([1, 2, 3, 4, 5, 99].map((count) => backoff({ retry: 'never' }, count, 0, bounds))).to.deep.equal([
      1_000, 2_000, 4_000, 8_000, 12_500, 12_500,
    ]);
    fc.assert(
      fc.property(failures, random, (count, chance) => {
        const longest = Math.min(bounds.neverCap, bounds.never * 2 ** (count - 1));
        expect(backoff({ retry: 'never' }, count, chance, bounds)).to.be.within(longest / 2, longest);
      }),
    );
  });

  it('spreads peers that lost the same proxy', () => {
    const waits = [0.1, 0.5, 0.9].map((chance) => backoff({ retry: 'later', retryAfter: 10 }, 3, chance, bounds));
    expect(new Set(waits).size).to.equal(3);
  });
});

/** The setback that a peer reads from a refusal of the proxy. */
function refusedBy(label: RefusalLabel): BackoffCause {
  const told = refusal(label);
  const header = told.retryAfter === undefined ? undefined : String(told.retryAfter);
  return setbackOfDial(refused(told.status, header, refusalBody(told), 0));
}

describe('what was mended is taken up', () => {
  const gone = setbackOfDial(failed(Object.assign(new Error(), { code: 'ECONNREFUSED' })));
  const drained = ending('draining', 'retry in 5 s');

  for (const [what, cause] of [
    ['nobody listens', gone],
    ['the service does not answer', refusedBy('unavailable')],
    ['the proxy drains', refusedBy('draining')],
    ['the proxy drained this peer', setbackOfEnd('closed_by_peer', drained.code, drained.text)],
    ['the connection was lost', setbackOfEnd('connection_lost', 1006, '')],
    ['a load balancer has no proxy', setbackOfDial(refused(503, undefined, '<html>', 0))],
  ] as const) {
    it(`a restart within 10 s, after any outage, where ${what}`, () => {
      fc.assert(
        fc.property(failures, random, (count, chance) => {
          expect(backoff(cause, count, chance, bounds)).to.be.below(10_001);
        }),
      );
    });
  }

  for (const label of ['policy_denied', 'certificate_revoked', 'certificate_expired'] as const) {
    it(`${label} within half a minute, however long it lasted, and within 2 s at first`, () => {
      fc.assert(
        fc.property(failures, random, (count, chance) => {
          expect(backoff(refusedBy(label), count, chance, bounds)).to.be.below(25_001);
        }),
      );
      expect(backoff(refusedBy(label), 1, 0.999, bounds)).to.be.below(2_001);
    });
  }

  it('by thousands, who come back spread over seconds', () => {
    const count = 4_000;
    // A generator of its own makes every run the same (Numerical Recipes).
    let seed = 1;
    const chance = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    for (const outage of [5_000, 60_000, 3_600_000]) {
      const back = Array.from({ length: count }, () => {
        let now = 0;
        for (let failure = 1; now < outage; failure += 1) now += backoff(gone, failure, chance(), bounds);
        return now - outage;
      });
      expect(Math.max(...back)).to.be.below(10_000);
      for (let second = 0; second < 8; second += 1) {
        const arrivals = back.filter((at) => Math.floor(at / 1000) === second).length;
        expect(arrivals, `${outage} ms, second ${second}`).to.be.below(count / 3);
      }
    }
  });
});
