import { expect } from 'chai';
import { MeasuredStore } from '../../../proxy/cluster/measured-store.js';
import { ClusterLog } from '../../../proxy/telemetry/logs/cluster-log.js';
import { createLogger } from '../../../proxy/telemetry/logs/logger.js';
import { ClusterMetrics } from '../../../proxy/telemetry/metrics/cluster-metrics.js';
import { metricTable } from '../../../proxy/telemetry/metrics/metric-table.js';
import { Metrics } from '../../../proxy/telemetry/metrics/metrics.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeStore, FakeTables } from '../../support/fake-store.js';

const CLAIM = { format: 1, incarnation: 'r1-1', name: 'r1', address: 'unix:r1.sock' };
const FACTS = {
  ...{ standing: 'detached', meetups: 3, detached: 1.5, declared: 2, holds: 1 },
  claims: { taken: 4, taken_over: 1, released: 2, asserted: 0, deposed: 0, conflict: 5 },
  reincarnated: { declared_dead: 1, store_lost: 0 },
};

describe('telemetry: the fleet', () => {
  it('tells how this replica stands, what became of its claims, and how long the store takes', async () => {
    const clock = new FakeClock();
    const metrics = new ClusterMetrics(() => FACTS);
    const tables = new FakeTables();
    const plain = new FakeStore(tables, clock);
    const store = new MeasuredStore(plain, clock, (operation, result, time) => metrics.took(operation, result, time));
    await store.putClaim('m', CLAIM, 0);
    await store.putClaim('m', CLAIM, 0);
    plain.fates.push({ applied: 0, answered: 40 });
    const late = store.readClaim('m');
    clock.advance(40);
    tables.clock.advance(40);
    await late;
    plain.connected = false;
    await store.records();
    expect(await store.isAlive('r1-1')).to.equal('unknown');
    const table = new Metrics([metrics]);
    const rows = Object.keys(metricTable).filter((name) => name.startsWith('ws_proxy.cluster.'));
    expect([...table.snapshot().keys()]).to.deep.equal(rows);
    const lines = table.renderPrometheus().split('\n');
    for (const line of [
      'ws_proxy_cluster_standing{standing="attached"} 0',
      'ws_proxy_cluster_standing{standing="detached"} 1',
      'ws_proxy_cluster_detached_time_seconds_total 1.5',
      'ws_proxy_cluster_meetups 3',
      'ws_proxy_cluster_claims_total{event="taken_over"} 1',
      'ws_proxy_cluster_incarnations_total{reason="declared_dead"} 1',
      'ws_proxy_cluster_declared_total 2',
      'ws_proxy_cluster_holds_total 1',
      'ws_proxy_cluster_store_duration_seconds_count{operation="put_claim",result="ok"} 1',
      'ws_proxy_cluster_store_duration_seconds_count{operation="put_claim",result="conflict"} 1',
      'ws_proxy_cluster_store_duration_seconds_bucket{operation="read_claim",result="ok",le="0.025"} 0',
      'ws_proxy_cluster_store_duration_seconds_bucket{operation="read_claim",result="ok",le="0.05"} 1',
      'ws_proxy_cluster_store_duration_seconds_count{operation="list_records",result="unknown"} 1',
      'ws_proxy_cluster_store_duration_seconds_count{operation="ask_alive",result="unknown"} 1',
    ]) {
      expect(lines).to.include(line);
    }
  });

  it('writes a line for each change, and no line break that came from elsewhere', () => {
    const lines: string[] = [];
    const log = new ClusterLog(createLogger('info', { write: (line) => lines.push(line) }));
    log.stands('attached', 'r1-1', undefined);
    log.stands('detached', 'r1-1', 'its store does not answer');
    log.stands('stopped', 'r1-1', 'it has left');
    log.reincarnated('r1-2', 'declared_dead');
    log.declared('r2-1\n', 'it renews no more');
    log.deposed(1);
    log.woken(30_000.4);
    log.store('error', 'NATS refuses something', 'a\nb');
    const told = lines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(told.map(({ level }) => level)).to.deep.equal([
      ...['info', 'warn', 'info', 'warn', 'warn', 'warn', 'warn', 'error'],
    ]);
    expect(told[1]).to.include({ standing: 'detached', detail: 'its store does not answer' });
    expect(told[4]?.['incarnation']).to.not.contain('\n');
    expect(told[6]).to.include({ stopped_ms: 30_000 });
    expect(told[7]?.['detail']).to.not.contain('\n');
  });
});
