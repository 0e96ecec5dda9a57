import { expect } from 'chai';
import { GuardReport } from '../../../proxy/telemetry/logs/guard-report.js';
import { createLogger } from '../../../proxy/telemetry/logs/logger.js';
import { Gauges } from '../../../proxy/telemetry/metrics/gauges.js';
import { FakeClock } from '../../support/fake-clock.js';

function scene() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('info', {
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const gauges = new Gauges();
  const report = new GuardReport(gauges, logger, new FakeClock());
  const value = (name: string) => gauges.samples().find(([metric]) => metric === name)?.[1][0]?.value;
  return { lines, report, value };
}

const none = { policyFile: undefined, crl: undefined, waiting: undefined };

describe('telemetry: the files that say who may be here', () => {
  it('tells since when a policy is in force: that of a file, or any-verified', () => {
    const { report, value } = scene();
    report.loaded('policy', none);
    expect(value('ws_proxy.policy.loaded_time')).to.equal(FakeClock.EPOCH / 1000);
    report.loaded('policy', { ...none, policyFile: { digest: 'd'.repeat(64), loadedAt: 5000 } });
    expect(value('ws_proxy.policy.loaded_time')).to.equal(5);
    expect(value('ws_proxy.crl.valid')).to.equal(0);
  });

  it('tells how many the lists revoke together, and the times of the one that goes stale first', () => {
    const { report, value } = scene();
    const status = [
      { entries: 2, thisUpdate: 20, nextUpdate: undefined },
      { entries: 3, thisUpdate: 30, nextUpdate: 90 },
      { entries: 4, thisUpdate: 40, nextUpdate: 80 },
    ];
    report.loaded('crl', { ...none, crl: { status } });
    expect(value('ws_proxy.crl.revoked')).to.equal(9);
    expect(value('ws_proxy.crl.next_update_time')).to.equal(80);
    expect(value('ws_proxy.crl.this_update_time')).to.equal(40);
    report.loaded('crl', { ...none, crl: { status: status.slice(0, 1) } });
    expect(value('ws_proxy.crl.next_update_time')).to.equal(0);
    expect(value('ws_proxy.crl.this_update_time')).to.equal(20);
    report.loaded('crl', { ...none, crl: { status: [] }, waiting: 'it begins later' });
    expect(value('ws_proxy.crl.valid')).to.equal(0);
  });

  it('logs a reload with what it ended, a refusal, and that nobody is served yet', () => {
    const { report, lines, value } = scene();
    report.loaded('policy', none);
    report.reloaded('deny_list', 2);
    report.refused('policy', 'broken');
    report.waiting('it begins later');
    expect(lines[0]).to.include({ message: 'reloaded', file: 'deny_list', ended: 2 });
    expect(lines[1]).to.include({ level: 'error', file: 'policy', detail: 'broken' });
    expect(lines[2]).to.include({ level: 'error', file: 'crl', detail: 'it begins later' });
    expect(value('ws_proxy.policy.valid')).to.equal(0);
  });
});
