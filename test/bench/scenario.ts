import type { Costs } from '../../bench/costs.js';
import type { FigureRow } from './row.js';
import type { Layout } from './stage-plan.js';

/** The settings of every scenario. */
export interface Settings {
  /** Rounds of each side where two are compared. */
  readonly rounds: number;
  /** Measured time of one round, milliseconds; the warm-up takes as long, two seconds at most. */
  readonly measureMs: number;
  readonly layout: Layout;
  /** Worker threads of Envoy. */
  readonly workers: number;
  readonly soakMinutes: number;
  /** Sessions of the idle scenario. */
  readonly idleSessions: number;
  /** Claims that stay in NATS while its memory is looked at. */
  readonly heldClaims: number;
  /** Pairs of the scenario rivals. */
  readonly rivalPairs: number;
  /** A checkout of the Micronets proxy, where there is one, and a Python that has what it needs. */
  readonly original?: { readonly checkout: string; readonly python: string | undefined };
  /** Pairs that come and go at once. */
  readonly crowdPairs: number;
  /** Folder of another built checkout, with which this one is compared. */
  readonly before?: string;
  /** Time for which a reader is stuck, seconds. */
  readonly stuckSeconds: number;
  /** Aborted when the bench is told to stop, to take the running processes down. */
  readonly stop: AbortSignal;
  /** Reports the progress. */
  readonly tell: (text: string) => void;
}

/** The findings of a scenario. */
export interface Findings {
  readonly rows: readonly FigureRow[];
  /** Everything that was measured, for the JSON file. */
  readonly data: unknown;
  /** Latency against load, for the plot. */
  readonly curves?: readonly Curve[];
  /** A part of a document that these findings are for, in Markdown. */
  readonly document?: string;
  /** What `ws-proxy size` computes with, for a file of its own. */
  readonly costs?: Costs;
}

export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly rate: number; readonly p50: number; readonly p99: number }[];
}

export interface Scenario {
  readonly name: string;
  /** Description of the scenario in one sentence. */
  readonly about: string;
  /** Part of `npm run bench` without arguments. */
  readonly usual: boolean;
  run(settings: Settings): Promise<Findings>;
}

/** Load before a measured time, milliseconds. */
export function warmUpOf(settings: Settings): number {
  return Math.min(settings.measureMs, MAX_WARM_UP_MS);
}

const MAX_WARM_UP_MS = 2_000;
