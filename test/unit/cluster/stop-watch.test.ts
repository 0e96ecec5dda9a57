import { expect } from 'chai';
import { StopWatch } from '../../../proxy/cluster/membership/stop-watch.js';
import { HOLD, LOOK } from '../../../proxy/cluster/times.js';
import { FakeClock } from '../../support/fake-clock.js';

const LONGEST = 3_000;

describe('the watch for a process that was stopped', () => {
  let clock: FakeClock;
  let told: string[];
  let watch: StopWatch;
  /** Runs the timer of the watch, which a stopped process cannot. */
  let look: () => void;

  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    look = () => expect.fail('the watch has no timer');
    watch = new StopWatch({
      clock,
      promptly: (ms, callback) => {
        expect(ms).to.equal(LOOK);
        look = callback;
        return () => {};
      },
      longest: LONGEST,
      looked: () => void told.push('looked'),
      woken: (time) => void told.push(`woken after ${time}`),
      release: (isProven) => void told.push(`released ${isProven ? 'proven' : 'unproven'}`),
    });
    watch.start();
  });

  it('says nothing of a time that is short enough', () => {
    clock.advance(LONGEST);
    watch.beforeReading();
    expect(told).to.deep.equal([]);
    look();
    expect(told).to.deep.equal(['looked']);
  });

  it('finds a stop by the timer that comes late, and holds until it is proven what is left', () => {
    clock.advance(LONGEST + 1);
    look();
    watch.beforeReading();
    watch.proven();
    expect(told).to.deep.equal([`woken after ${LONGEST + 1}`, 'released proven']);
  });

  it('finds a stop in the midst of reading by whoever reads next, once', () => {
    clock.advance(30_000);
    watch.beforeReading();
    watch.beforeReading();
    look();
    expect(told).to.deep.equal(['woken after 30000', 'looked']);
    clock.advance(HOLD);
    expect(told.at(-1)).to.equal('released unproven');
  });
});
