import type { Part } from '../part.js';

/** A part of a fleet as it can be started, and started anew when it ends. */
export interface FleetPart {
  /** `nats`, `replica-1`, `envoy-1`; its logs begin with it. */
  readonly name: string;
  /** NATS: of its clients. A replica: of metrics and probes. Envoy: of the peers. */
  readonly port: number;
  /** Milliseconds that it has to stop by itself. */
  readonly stopMs: number;
  /** The log in which it says what is wrong. */
  readonly log: string;
  /** True for a line of that log which somebody at the terminal should see. */
  isTold(line: string): boolean;
  /** `isAnew`: its log goes on. */
  start(isAnew: boolean): Part;
  /**
   * Resolves when it serves; at the first start, when it and all that it needs serve. Throws a WaitError when that takes too long, the
   * signal's reason on abort.
   */
  ready(signal: AbortSignal, isAnew: boolean): Promise<void>;
}

/** Milliseconds from the start of a part to its service. */
export const READY_MS = 20_000;
