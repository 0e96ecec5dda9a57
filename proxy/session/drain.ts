import type { Clock } from './ports.js';
import type { Registry } from './registry.js';
import type { Session } from './session.js';
import { sweep, type Verdict } from './sweep.js';

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
  readonly #registry: Registry;
  readonly #clock: Clock;
  readonly #inFlight: (session: Session) => number;
  #state: DrainState = { t: 'serving' };
  #done: Promise<void> | undefined;
  readonly #onceBegun: (() => void)[] = [];

  /** @param inFlight invocations of a session that have no response yet */
  constructor(registry: Registry, clock: Clock, inFlight: (session: Session) => number) {
    this.#registry = registry;
    this.#clock = clock;
    this.#inFlight = inFlight;
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
    const sessionsAtStart = this.#registry.sessions.size;
    this.#state = { t: 'draining', since, until: since + plan.deadline, sessionsAtStart };
    for (const tell of this.#onceBegun.splice(0)) tell();
    const overdue = this.#clock.steady() + plan.deadline;
    sweep(this.#registry, ({ session }) => (session?.state.t === 'paired' ? undefined : retryWithin(plan)));
    return new Promise((resolve) => {
      const step = (): void => {
        this.#closeBatch(plan, this.#clock.steady() >= overdue);
        if (this.#registry.peers.size > 0) return;
        stop();
        this.#state = { t: 'drained', since, sessionsAtStart };
        resolve();
      };
      const stop = this.#clock.every(plan.interval, step);
      step();
    });
  }

  #closeBatch(plan: DrainPlan, overdue: boolean): void {
    let left = plan.batch;
    for (const session of this.#registry.sessions.values()) {
      if (left === 0) return;
      if (!overdue && this.#inFlight(session) > 0) continue;
      this.#registry.close(session, retryWithin(plan));
      left -= 1;
    }
  }
}

/** The time is read by our own peers, and harmless to others. */
function retryWithin({ spread }: DrainPlan): Verdict {
  return { label: 'draining', detail: `retry in ${Math.ceil((Math.random() * spread) / 1000)} s` };
}
