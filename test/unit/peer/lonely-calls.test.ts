import { expect } from 'chai';
import { LonelyCalls } from '../../../peer/lonely-calls.js';
import { FakeClock } from '../../support/fake-clock.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('calls that a bridge refuses because nobody is there', () => {
  function scene() {
    const clock = new FakeClock();
    const lines: string[] = [];
    const lonely = new LonelyCalls((line) => lines.push(line), clock);
    const refuse = (times: number, reason = 'not_paired'): void => {
      for (let n = 0; n < times; n += 1) lonely.refused(reason, 'the other peer is not there (waiting)', TRACE);
    };
    return { clock, lines, lonely, refuse };
  }

  it('are told at once, and then by their number once a minute', () => {
    const { clock, lines, refuse } = scene();
    refuse(1);
    const first = `ATTENTION: a call was refused, the other peer is not there (waiting) (not_paired); trace ${TRACE}`;
    expect(lines).to.deep.equal([first]);
    refuse(41);
    clock.advance(59_999);
    expect(lines).to.have.length(1);
    clock.advance(1);
    const more = (count: number): string =>
      `ATTENTION: ${count} more calls were refused in the last minute, as nobody is there`;
    expect(lines.slice(1)).to.deep.equal([more(41)]);
    refuse(2, 'moved');
    clock.advance(60_000);
    expect(lines.slice(2)).to.deep.equal([more(2)]);
    clock.advance(60_000);
    expect([lines.length, clock.timers]).to.deep.equal([3, 0]);
    refuse(1);
    expect(lines.slice(3)).to.deep.equal([first]);
  });

  it('are told at the end, too; other refusals are not', () => {
    const { clock, lines, lonely, refuse } = scene();
    refuse(3, 'too_many');
    refuse(3, 'timeout');
    // The other peer is there, and answers nothing.
    refuse(3, 'not_served');
    expect(lines).to.deep.equal([]);
    refuse(3, 'moved');
    lonely.stop();
    expect(lines.slice(1)).to.deep.equal([
      'ATTENTION: 2 more calls were refused in the last minute, as nobody is there',
    ]);
    expect(clock.timers).to.equal(0);
  });
});
