import type { Point } from './answer.js';
import { percentile } from './buckets.js';

/** Columns of a chart, and intervals of the service in each: sixty columns of ten seconds. */
export const COLUMNS = 60;
const POINTS_PER_COLUMN = 5;

/** One column: what happened in its ten seconds. */
export interface Column {
  /** End of the column, milliseconds since the epoch. */
  readonly at: number;
  /** Each second. */
  readonly ok: number;
  /** Not answered, or answered with 5xx. */
  readonly failed: number;
  readonly answered4xx: number;
  readonly messages: number;
  readonly bytes: number;
  /** Milliseconds; undefined where there was no invocation. */
  readonly p50: number | undefined;
  readonly p99: number | undefined;
  readonly proxyP50: number | undefined;
  readonly proxyP99: number | undefined;
}

/** The last columns, oldest first, by place from 0 to `COLUMNS` - 1: what there was no time for yet is missing at the front. */
export function columnsOf(points: readonly Point[]): readonly Column[] {
  const groups = new Map<number, Point[]>();
  for (const point of points) {
    const key = Math.floor((point.sequence - 1) / POINTS_PER_COLUMN);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [point]);
    else group.push(point);
  }
  return [...groups.values()].slice(-COLUMNS).map(columnOf);
}

/** The sum of these points as one point. */
export function columnOf(points: readonly Point[]): Column {
  const seconds =
    Math.max(
      1,
      sum(points, ({ ms }) => ms),
    ) / 1000;
  const each = (of: (point: Point) => number): number => sum(points, of) / seconds;
  const totals = points.map(({ total }) => total);
  const proxies = points.map(({ proxy }) => proxy);
  return {
    at: points.at(-1)?.at ?? 0,
    ok: each(({ ok }) => ok),
    failed: each(({ failed }) => failed),
    answered4xx: each(({ answered4xx }) => answered4xx),
    messages: each(({ messages }) => messages),
    bytes: each(({ bytes }) => bytes),
    p50: percentile(totals, 0.5),
    p99: percentile(totals, 0.99),
    proxyP50: percentile(proxies, 0.5),
    proxyP99: percentile(proxies, 0.99),
  };
}

function sum(points: readonly Point[], of: (point: Point) => number): number {
  return points.reduce((total, point) => total + of(point), 0);
}
