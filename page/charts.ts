import type { Point } from './answer.js';
import { Chart, type ChartPlan } from './chart.js';
import { duration, rate, size } from './format.js';
import { roundUp, roundUpBinary } from './round.js';
import { columnOf, columnsOf } from './series.js';

/** Intervals of the service in the headline figures: ten seconds for rates, a minute for percentiles. */
const RECENT = 5;
const MINUTE = 30;

const plans: readonly ChartPlan[] = [
  {
    id: 'chart-calls',
    title: 'Calls',
    shape: 'bars',
    layers: [
      { name: 'ok', look: 'ok', value: ({ ok }) => ok },
      { name: '4xx', look: 'answered-4xx', value: ({ answered4xx }) => answered4xx },
      { name: 'errors', look: 'failed', value: ({ failed }) => failed },
    ],
    format: rate,
    round: roundUp,
    headline: ({ ok, failed, answered4xx }) => ({
      figure: rate(ok + failed + answered4xx),
      note: noteOn(ok + answered4xx, failed),
    }),
  },
  {
    id: 'chart-latency',
    title: 'Time of a call, last minute',
    shape: 'lines',
    layers: [
      { name: 'p50', look: 'low', value: ({ p50 }) => p50 },
      { name: 'p99', look: 'high', value: ({ p99 }) => p99 },
    ],
    format: duration,
    round: roundUp,
    headline: (_, { p50, p99 }) => percentiles(p50, p99),
  },
  {
    id: 'chart-proxy',
    title: 'of which in the proxy, last minute',
    shape: 'lines',
    layers: [
      { name: 'p50', look: 'low own', value: ({ proxyP50 }) => proxyP50 },
      { name: 'p99', look: 'high own', value: ({ proxyP99 }) => proxyP99 },
    ],
    format: duration,
    round: roundUp,
    headline: (_, { proxyP50, proxyP99 }) => percentiles(proxyP50, proxyP99),
  },
  {
    id: 'chart-relayed',
    title: 'Relayed',
    shape: 'bars',
    layers: [{ name: 'bytes', look: 'moved', value: ({ bytes }) => bytes }],
    format: (bytes) => `${size(bytes)}/s`,
    round: roundUpBinary,
    headline: ({ bytes, messages }) => ({
      figure: `${size(bytes)}/s`,
      note: `in ${rate(messages).replace('/s', ' messages/s')}`,
    }),
  },
];

/** The row of charts. */
export class Charts {
  readonly #charts = plans.map((plan) => new Chart(plan));

  draw(points: readonly Point[]): void {
    const columns = columnsOf(points);
    const recent = columnOf(points.slice(-RECENT));
    const minute = columnOf(points.slice(-MINUTE));
    for (const chart of this.#charts) chart.draw(columns, recent, minute);
  }
}

function percentiles(p50: number | undefined, p99: number | undefined): { figure: string; note: string } {
  if (p50 === undefined || p99 === undefined) return { figure: '—', note: 'no call' };
  return { figure: duration(p50), note: `p50 · ${duration(p99)} p99` };
}

function noteOn(ok: number, failed: number): string {
  if (failed > 0) return `of which ${rate(failed)} errors`;
  return ok > 0 ? 'no errors' : 'in ten seconds';
}
