import { expect } from 'chai';
import type { AuditEntry } from '../../../proxy/telemetry/logs/audit.js';
import { RpcAudit } from '../../../proxy/telemetry/logs/rpc-audit.js';
import { Histogram } from '../../../proxy/telemetry/metrics/histogram.js';
import { RpcDurations } from '../../../proxy/telemetry/metrics/rpc-durations.js';
import { identity } from '../../support/fixtures.js';

const call = { method: '/a.B/KickSession', code: 'OK', duration: 200.4, request: { name: 'x' }, requestId: 'r-1' };

describe('telemetry: calls of the control API', () => {
  it('are written down by their verb, and measured', () => {
    const written: AuditEntry[] = [];
    const durations = new RpcDurations(['a.B/KickSession']);
    const audit = new RpcAudit(durations, { record: (entry) => void written.push(entry) });
    const caller = identity();
    audit.record({ ...call, caller });
    audit.record({ ...call, method: '/a.B/GetServerInfo', code: 'PERMISSION_DENIED', message: 'no right' });
    const rest = { ms: 200, request: { name: 'x' }, requestId: 'r-1' };
    expect(written).to.deep.equal([
      { act: 'kick_session', by: caller, code: 'OK', ...rest },
      { act: 'get_server_info', code: 'PERMISSION_DENIED', message: 'no right', ...rest },
    ]);
    const [[, samples = []] = []] = durations.samples();
    expect(samples.map(({ labels }) => labels['rpc.method'])).to.deep.equal(['a.B/KickSession', '_OTHER']);
    const [{ value } = { value: 0 }] = samples;
    expect(value).to.be.instanceOf(Histogram).and.have.property('sum').closeTo(0.2004, 1e-9);
  });

  it('are measured where there is no audit log', () => {
    const durations = new RpcDurations([]);
    new RpcAudit(durations, undefined).record(call);
    expect(durations.samples()[0]?.[1]).to.have.length(1);
  });
});
