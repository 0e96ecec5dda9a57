import type { Clock } from '../ports/clock.js';
import type { Steering } from './steering.js';
import type { Verdict } from './verdict.js';
import type { Present } from './views/present.js';
import type { SessionStatistics } from './views/statistics.js';

export interface DrainPlan {
  /** Time after which sessions with invocations in flight are closed too, milliseconds. */
  readonly deadline: number;
  /** Sessions closed in one batch. */
  readonly batch: number;
  /** Time between two batches, milliseconds. */
  readonly interval: number;
  /** Peers are told to come back after a random time of up to this, milliseconds: no herd. */
  readonly spread: number;
}

/**
 * - `serving`: newcomers are welcome.
 * - `draining`: they are refused; idle sessions are closed in batches, busy ones at the deadline.
 * - `drained`: nobody is left.
 */
export type DrainState =
  | { readonly t: 'serving' }
  | { readonly t: 'draining'; readonly since: number; readonly until: number; readonly sessionsAtStart: number }
  | { readonly t: 'drained'; readonly since: number; readonly sessionsAtStart: number };

/** Empties this replica without losing what is in flight (RFC 6455 close code 1012). */
export class Drain {
  readonly #present: Present;
  readonly #steering: Steering;
  readonly #clock: Clock;
  readonly #statistics: SessionStatistics;
  #state: DrainState = { t: 'serving' };
  #done: Promise<void> | undefined;
  readonly #onceBegun: (() => void)[] = [];

  constructor(present: Present, steering: Steering, clock: Clock, statistics: SessionStatistics) {
    this.#present = present;
    this.#steering = steering;
    this.#clock = clock;
    this.#statistics = statistics;
  }

  get state(): DrainState {
    return this.#state;
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

  #run(plan: DrainPlan): Promise<void> {
    const since = this.#clock.now();
    const sessionsAtStart = this.#present.sessions.size;
    this.#move({ t: 'draining', since, until: since + plan.deadline, sessionsAtStart });
    const overdue = this.#clock.steady() + plan.deadline;
    const alone = [...this.#present.peers].filter(({ session }) => session?.state.t !== 'paired');
    this.#steering.endEach(new Map(alone.map((peer) => [peer, retryWithin(plan)])));
    return new Promise((resolve) => {
      const step = (): void => {
        this.#closeBatch(plan, this.#clock.steady() >= overdue);
        if (this.#present.counts.connections > 0) return;
        stop();
        this.#move({ t: 'drained', since, sessionsAtStart });
        resolve();
      };
      const stop = this.#clock.every(plan.interval, step);
      step();
    });
  }

  #move(to: DrainState): void {
    this.#state = to;
    if (to.t === 'draining') for (const tell of this.#onceBegun.splice(0)) tell();
  }

  #closeBatch(plan: DrainPlan, overdue: boolean): void {
    let left = plan.batch;
    for (const session of this.#present.sessions.values()) {
      if (left === 0) return;
      if (!overdue && this.#statistics.of(session).inFlight > 0) continue;
      this.#steering.end({ t: 'session', uid: session.uid }, retryWithin(plan));
      left -= 1;
    }
  }
}

/** Makes the verdict that tells a peer when to come back. Our own peers read the time; others ignore it. */
function retryWithin({ spread }: DrainPlan): Verdict {
  return { label: 'draining', detail: `retry in ${Math.ceil((Math.random() * spread) / 1000)} s` };
}
