import type { Clock } from '../ports/clock.js';
import { type DrainPlan, type EmptyingParts, empty } from './emptying.js';
import type { Steering } from './steering.js';
import type { Present } from './views/present.js';
import type { SessionStatistics } from './views/statistics.js';

export type { DrainPlan } from './emptying.js';

/**
 * - `serving`: newcomers are welcome.
 * - `draining`: they are refused; sessions are closed in batches, busy ones when nothing is in flight, or at the deadline.
 * - `drained`: nobody is left.
 */
export type DrainState =
  | { readonly t: 'serving' }
  | { readonly t: 'draining'; readonly since: number; readonly until: number; readonly sessionsAtStart: number }
  | { readonly t: 'drained'; readonly since: number; readonly sessionsAtStart: number };

/** The connections that came here and are served by other replicas. */
export interface HandedOver {
  /** Those that are left. */
  readonly open: number;
  /** Has them ended by the replicas that serve them, by the plan; who is left some time after its deadline is cut off. */
  drain(plan: DrainPlan): void;
}

/** Empties this replica without losing what is in flight (RFC 6455 close code 1012). */
export class Drain {
  readonly #parts: EmptyingParts;
  readonly #handedOver: HandedOver | undefined;
  #state: DrainState = { t: 'serving' };
  #done: Promise<void> | undefined;
  readonly #onceBegun: (() => void)[] = [];

  constructor(
    present: Present,
    steering: Steering,
    clock: Clock,
    statistics: SessionStatistics,
    handedOver?: HandedOver,
  ) {
    this.#parts = { present, steering, clock, statistics };
    this.#handedOver = handedOver;
  }

  get state(): DrainState {
    return this.#state;
  }

  /** Connections that came here and are served by other replicas. */
  get handedOver(): number {
    return this.#handedOver?.open ?? 0;
  }

  /** Calls back when the drain begins, whoever begins it. */
  onceBegun(callback: () => void): void {
    this.#onceBegun.push(callback);
  }

  /** Begins, or joins what was begun; resolves when nobody is left. The first plan stands. */
  start(plan: DrainPlan): Promise<void> {
    this.#done ??= this.#run(plan);
    return this.#done;
  }

  async #run(plan: DrainPlan): Promise<void> {
    const { present, clock } = this.#parts;
    const since = clock.now();
    const sessionsAtStart = present.sessions.size;
    this.#move({ t: 'draining', since, until: since + plan.deadline, sessionsAtStart });
    this.#handedOver?.drain(plan);
    const isOver = (): boolean => present.counts.connections === 0 && this.handedOver === 0;
    await empty(this.#parts, { concerns: () => true, isOver }, plan);
    this.#move({ t: 'drained', since, sessionsAtStart });
  }

  #move(to: DrainState): void {
    this.#state = to;
    if (to.t === 'draining') for (const tell of this.#onceBegun.splice(0)) tell();
  }
}
