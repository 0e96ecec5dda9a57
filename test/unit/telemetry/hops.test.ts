import { expect } from 'chai';
import { HopLog } from '../../../proxy/telemetry/logs/hop-log.js';
import { LogObserver } from '../../../proxy/telemetry/logs/log-observer.js';
import { createLogger } from '../../../proxy/telemetry/logs/logger.js';
import { MeetupLevels } from '../../../proxy/telemetry/logs/meetup-levels.js';
import { HopCounts } from '../../../proxy/telemetry/metrics/hop-counts.js';
import { Metrics } from '../../../proxy/telemetry/metrics/metrics.js';
import { refusal } from '../../../proxy/wire/close.js';
import { FakeClock } from '../../support/fake-clock.js';
import { Meeting } from '../../support/pair.js';

const OWNER = { incarnation: 'r2-1', replica: 'r2', address: 'unix:/r2.sock' };
const REFUSED = {
  ...{ refusal: refusal('meetup_full'), detail: '', target: '/x', remote: '', requestId: 'r-2' },
};

describe('telemetry: peers that are handed on', () => {
  it('are written down by the replica that serves them with the one on which they landed, others without', () => {
    const lines: string[] = [];
    const clock = new FakeClock();
    const observer = new LogObserver(
      new MeetupLevels(createLogger('info', { write: (line) => lines.push(line) }), clock),
      clock,
    );
    new Meeting({ readers: [observer], clock }).pair({ via: 'r1-1' });
    observer.refused({ ...REFUSED, via: 'r1-1' });
    observer.refused(REFUSED);
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.map(({ message, via }) => [message, via])).to.deep.equal([
      ['admitted', 'r1-1'],
      ['admitted', undefined],
      ['paired', undefined],
      ['refused', 'r1-1'],
      ['refused', undefined],
    ]);
  });

  it('are written down by the replica on which they landed with the one that serves them, and what keeps one from it', () => {
    const lines: string[] = [];
    const log = new HopLog(
      new MeetupLevels(createLogger('info', { write: (line) => lines.push(line) }), new FakeClock()),
    );
    log.answered('m\n', 'r-1', OWNER, 101);
    log.failed(OWNER, 'refused', 'connect ECONNREFUSED');
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told[0]).to.include({ level: 'info', replica: 'r2', incarnation: 'r2-1', request_id: 'r-1', status: 101 });
    expect(told[0]?.['meetup']).not.to.contain('\n');
    expect(told[1]).to.include({ level: 'warn', address: 'unix:/r2.sock', fault: 'refused' });
  });

  it('are counted: those that are open, how others answered, and what failed', () => {
    const counts = new HopCounts();
    counts.open = 2;
    for (const isAccepted of [true, true, false]) counts.answered(isAccepted);
    counts.failed('silent');
    const text = new Metrics([counts]).renderPrometheus();
    for (const line of [
      'ws_proxy_hops 2',
      'ws_proxy_hops_answered_total{result="accepted"} 2',
      'ws_proxy_hops_answered_total{result="refused"} 1',
      'ws_proxy_hops_failed_total{reason="silent"} 1',
      'ws_proxy_hops_failed_total{reason="refused"} 0',
    ]) {
      expect(text.split('\n')).to.include(line);
    }
  });
});
