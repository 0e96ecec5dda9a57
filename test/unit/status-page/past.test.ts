import { expect } from 'chai';
import { explained } from '../../../proxy/page/advice.js';
import { History, INTERVAL, INTERVALS } from '../../../proxy/page/history.js';
import { RecentEndings } from '../../../proxy/page/recent-endings.js';
import { endings, type Label } from '../../../proxy/wire/close.js';
import { FakeClock } from '../../support/fake-clock.js';
import { Meeting } from '../../support/pair.js';

describe('what the page remembers', () => {
  it('ten minutes in intervals, with what was relayed in each', () => {
    const clock = new FakeClock();
    const history = new History(clock);
    const relayed = { messages: 0, bytes: 0 };
    const stop = history.start(() => relayed);
    relayed.messages = 4;
    relayed.bytes = 400;
    clock.advance(INTERVAL);
    clock.advance(INTERVAL);
    const shown = history.after(0).map(({ ms, messages, bytes }) => [ms, messages, bytes]);
    expect(shown).to.deep.equal([
      [INTERVAL, 4, 400],
      [INTERVAL, 0, 0],
    ]);
    clock.advance(INTERVAL * 2 * INTERVALS);
    expect(history.after(0)).to.have.length(INTERVALS);
    stop();
    expect(clock.timers).to.equal(0);
  });

  it('connections that were cut off or lost, and not those that ended by a peer’s own wish', () => {
    const kept = new RecentEndings(() => 5);
    const meeting = new Meeting({ readers: [kept] });
    const [one] = meeting.pair().peers;
    one.end('kicked', 'by hand');
    meeting.pair().manager.gone();
    expect(kept.after(0).map(({ at, ending, meetupId }) => [at, ending.label, meetupId])).to.deep.equal([
      [5, 'kicked', 'sub/1'],
    ]);
  });

  it('and says of every label what it means and what to do', () => {
    for (const label of Object.keys(endings) as Label[]) {
      const { meaning, advice } = explained(label);
      expect(
        [meaning, advice].every((text) => /^[A-Z].*\.$/.test(text)),
        label,
      ).to.equal(true);
    }
  });
});
