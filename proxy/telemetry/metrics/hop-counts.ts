import type { HopEvidence } from '../../session/life/locator.js';
import { HOP_FAULTS, type HOP_RESULTS, type MetricName } from './metric-table.js';
import { type Sample, sampleOf, samplesBy } from './sample.js';

/** Counts what is handed on to other replicas. */
export class HopCounts {
  readonly #answered: Record<(typeof HOP_RESULTS)[number], number> = { accepted: 0, refused: 0 };
  readonly #failed = new Map(HOP_FAULTS.map((fault) => [fault, 0]));
  /** Connections that are handed on, or being so, now. */
  open = 0;

  answered(isAccepted: boolean): void {
    this.#answered[isAccepted ? 'accepted' : 'refused'] += 1;
  }

  failed(fault: HopEvidence['fault']): void {
    this.#failed.set(fault, (this.#failed.get(fault) ?? 0) + 1);
  }

  samples(): [MetricName, Sample[]][] {
    return [
      ['ws_proxy.hops', sampleOf(this.open)],
      ['ws_proxy.hops.answered', samplesBy('result', Object.entries(this.#answered))],
      ['ws_proxy.hops.failed', samplesBy('reason', this.#failed)],
    ];
  }
}
