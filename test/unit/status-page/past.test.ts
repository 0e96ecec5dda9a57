import { expect } from 'chai';
import { explained } from '../../../proxy/page/advice.js';
import { History, INTERVAL, INTERVALS } from '../../../proxy/page/history.js';
import { RecentEndings } from '../../../proxy/page/recent-endings.js';
import type { Invocation } from '../../../proxy/telemetry/calls/invocation-table.js';
import { endings, type Label } from '../../../proxy/wire/close.js';
import type { Outcome } from '../../../proxy/wire/invocation.js';
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

  it('how calls ended: a 4xx is no failure to be alarmed at, and what has no end that is known counts nowhere', () => {
    const clock = new FakeClock();
    const history = new History(clock);
    const stop = history.start(() => ({ messages: 0, bytes: 0 }));
    const ended: [Outcome, number?][] = [
      ['ok', 200],
      ['one_way'],
      ['http_error', 404],
      ['http_error', 503],
      ['http_error'],
      ['timeout'],
      ['kicked'],
      ['duplicate_id'],
      ['orphan_response', 500],
    ];
    for (const [outcome, status] of ended) {
      const call = { status, started: 0, forwarded: 0, responded: 0 } as Invocation;
      history.tally(call, outcome, 10);
    }
    clock.advance(INTERVAL);
    const [point] = history.after(0);
    expect(point).to.include({ ok: 2, answered4xx: 1, failed: 4 });
    stop();
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
