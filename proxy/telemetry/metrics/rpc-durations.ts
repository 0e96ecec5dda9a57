import { Histogram } from './histogram.js';
import { type MetricName, RPC_CODES, RPC_SECONDS } from './metric-table.js';
import type { MetricSource } from './metrics.js';
import type { Sample } from './sample.js';

/** One label set of rpc.server.call.duration. */
interface RpcSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly histogram: Histogram;
}

/** Durations of the calls of the control API. */
export class RpcDurations implements MetricSource {
  readonly #methods: ReadonlySet<string>;
  readonly #series = new Map<string, RpcSeries>();

  /** @param methods full names of the control API's methods, `package.Service/Method`; a call of any other method counts as `_OTHER` */
  constructor(methods: readonly string[]) {
    this.#methods = new Set(methods);
  }

  /** Counts a call that took that many seconds, under the name of its gRPC status code; an unknown name counts as UNKNOWN. */
  ended(method: string, codeName: string, seconds: number): void {
    const known = this.#methods.has(method) ? method : '_OTHER';
    const code = RPC_CODES.find((one) => one === codeName) ?? 'UNKNOWN';
    const key = `${known} ${code}`;
    const labels = { 'rpc.method': known, 'rpc.response.status_code': code, 'rpc.system.name': 'grpc' };
    const series = this.#series.get(key) ?? { labels, histogram: new Histogram(RPC_SECONDS) };
    this.#series.set(key, series);
    series.histogram.observe(seconds);
  }

  samples(): [MetricName, Sample[]][] {
    const samples = Array.from(this.#series.values(), ({ labels, histogram }) => ({ labels, value: histogram }));
    return [['rpc.server.call.duration', samples]];
  }
}
