import { Histogram, STORE_SECONDS } from './histogram.js';
import {
  type CLAIM_EVENTS,
  type INCARNATION_ENDS,
  type MetricName,
  STANDINGS,
  STORE_OPERATIONS,
  STORE_RESULTS,
} from './metric-table.js';
import { type Sample, sampleOf, samplesBy } from './sample.js';

/** What a replica tells of its part in the fleet at this moment. */
export interface ClusterFacts {
  readonly standing: string;
  /** Meetups that it has. */
  readonly meetups: number;
  /** Time for which it was detached, the present detaching included, seconds. */
  readonly detached: number;
  readonly claims: Readonly<Record<(typeof CLAIM_EVENTS)[number], number>>;
  readonly reincarnated: Readonly<Record<(typeof INCARNATION_ENDS)[number], number>>;
  readonly declared: number;
  readonly holds: number;
}

/** Measures the store of the fleet, and tells of this replica's part in the fleet. */
export class ClusterMetrics {
  readonly #facts: () => ClusterFacts;
  readonly #operations = new Map(
    STORE_OPERATIONS.map((operation) => [
      operation,
      new Map(STORE_RESULTS.map((result) => [result, new Histogram(STORE_SECONDS)])),
    ]),
  );

  constructor(facts: () => ClusterFacts) {
    this.#facts = facts;
  }

  /** One operation of the store took that long, seconds. */
  took(operation: (typeof STORE_OPERATIONS)[number], result: (typeof STORE_RESULTS)[number], seconds: number): void {
    this.#operations.get(operation)?.get(result)?.observe(seconds);
  }

  samples(): [MetricName, Sample[]][] {
    const { standing, meetups, detached, claims, reincarnated, declared, holds } = this.#facts();
    const standings = STANDINGS.map((one) => [one, Number(one === standing)] as const);
    return [
      ['ws_proxy.cluster.standing', samplesBy('standing', standings)],
      ['ws_proxy.cluster.detached.time', sampleOf(detached)],
      ['ws_proxy.cluster.meetups', sampleOf(meetups)],
      ['ws_proxy.cluster.claims', samplesBy('event', Object.entries(claims))],
      ['ws_proxy.cluster.incarnations', samplesBy('reason', Object.entries(reincarnated))],
      ['ws_proxy.cluster.declared', sampleOf(declared)],
      ['ws_proxy.cluster.holds', sampleOf(holds)],
      ['ws_proxy.cluster.store.duration', this.#durations()],
    ];
  }

  #durations(): Sample[] {
    return [...this.#operations].flatMap(([operation, results]) =>
      [...results]
        .filter(([, { count }]) => count > 0)
        .map(([result, value]) => ({ labels: { operation, result }, value })),
    );
  }
}
