import { expect } from 'chai';
import type { Measurement } from '../../../bench/window.js';
import { figuresFor } from '../../bench/rivals/figures.js';
import { rivalsTable } from '../../bench/rivals/table.js';
import type { Visit } from '../../bench/rivals/visit.js';
import { textOf } from '../../support/sources.js';

const MIB = 1024 * 1024;

/** A visit in which the service takes so many microseconds for a message, and Envoy twice as many where there is one. */
function visitOf(us: number, isBehindEnvoy: boolean): Visit {
  const use = (factor: number) => ({ cpuNs: us * factor * 1_000_000, residentBytes: us * factor * MIB });
  const usage = { service: use(1), ...(isBehindEnvoy ? { envoy: use(2) } : {}), driver: use(100) };
  const latency = { count: 500, mean: us, p50: us, p90: us, p99: us, p999: us, max: us };
  const measured: Measurement = { seconds: 1, exchanges: 500, latency, usage };
  return { first: usage, last: usage, idle: usage, alone: measured, busy: measured };
}

const figures = figuresFor(1_000, 100);

describe('the table of what else one could take', () => {
  it('counts the whole way and never the generator, marks the least of a row, and takes the middle of the visits', () => {
    const table = rivalsTable(figures, [
      { title: 'ws-proxy', visits: [visitOf(9, true), visitOf(10, true), visitOf(500, true)] },
      { title: 'other', visits: [visitOf(15, false)] },
    ]);
    const lines = table.split('\n');
    expect(lines.slice(0, 4)).to.deep.equal([
      '| | ws-proxy | other |',
      '| --- | --- | --- |',
      '| CPU a message, all 1,000 pairs asking, µs | 30.0 | **15.0** (0.50) |',
      '| CPU a message behind Envoy, all 1,000 pairs asking, µs | **10.0** | |',
    ]);
    expect(lines).to.include('| round trip p50, one request under way, µs | **10.0** | 15.0 (1.5) |');
    expect(lines).to.include('| memory, 1,000 idle pairs, MiB | 30.0 | **15.0** (0.50) |');
    expect(lines).to.include('| CPU of a pair set up, the first 100, ms | 0.300 | **0.150** (0.50) |');
  });

  it('is in docs/comparison.md row by row', () => {
    const rows = textOf('docs/comparison.md').split('\n');
    const heads = rows.map((row) => /^\| ([^|]+) \|/.exec(row)?.[1]);
    expect(heads).to.include.members(figures.map(({ what }) => what));
    expect(rows).to.include('| | ws-proxy | plain `ws` relay | Micronets proxy | NATS |');
  });
});
