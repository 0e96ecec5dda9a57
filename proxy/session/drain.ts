import type { Clock } from '../ports/clock.js';
import { DrainLull } from './drain-lull.js';
import type { Peer } from './life/peer.js';
import type { Session } from './life/session.js';
import type { Steering, Verdict } from './steering.js';
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
 * - `draining`: they are refused; sessions are closed in batches, busy ones when nothing is in flight, or at the deadline.
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
    this.#steering.endEach(new Map(alone.map((peer) => [peer, goodbye(peer, pauseOf(plan))])));
    const lull = new DrainLull();
    return new Promise((resolve) => {
      const look = (): void => {
        const now = this.#clock.steady();
        for (const session of lull.look(now, overdue - plan.deadline / 2)) {
          if (!this.#isBusy(session)) this.#close(session, plan);
        }
        if (this.#present.counts.connections > 0) return;
        stop();
        this.#move({ t: 'drained', since, sessionsAtStart });
        resolve();
      };
      const step = (): void => {
        this.#batch(plan, lull, overdue);
        look();
      };
      const timers = [this.#clock.every(plan.interval, step), this.#clock.every(LOOK_INTERVAL, look)];
      const stop = (): void => {
        for (const cancel of timers) cancel();
      };
      step();
    });
  }

  #move(to: DrainState): void {
    this.#state = to;
    if (to.t === 'draining') for (const tell of this.#onceBegun.splice(0)) tell();
  }

  /** Closes the next batch; what is left of its size begins to hold back. */
  #batch(plan: DrainPlan, lull: DrainLull, overdue: number): void {
    const now = this.#clock.steady();
    let left = plan.batch;
    const busy: Session[] = [];
    for (const session of this.#present.sessions.values()) {
      if (left === 0) return;
      if (now >= overdue || !this.#isBusy(session)) {
        this.#close(session, plan);
        left -= 1;
      } else if (!lull.has(session)) busy.push(session);
    }
    for (const session of busy.slice(0, left)) lull.begin(session, now);
  }

  #isBusy(session: Session): boolean {
    return this.#statistics.of(session).inFlight > 0;
  }

  /** Both are asked to come back at one time: each would wait for the other. */
  #close(session: Session, plan: DrainPlan): void {
    const pause = pauseOf(plan);
    this.#steering.endEach(new Map(session.peers.map((peer) => [peer, goodbye(peer, pause)])));
  }
}

/** Time between two looks at the sessions that let requests finish, milliseconds: held peers wait for it. */
const LOOK_INTERVAL = 20;

/** Time that a restart takes, where the plan's spread is as long, milliseconds: a peer that dials earlier is refused, and comes much later. */
const RESTART = 2_000;

/** Seconds until a peer should be back. */
function pauseOf({ spread }: DrainPlan): number {
  return Math.ceil(Math.max(Math.random() * spread, Math.min(RESTART, spread)) / 1000);
}

/**
 * Our own peers read the time and the count; others ignore them. The count holds at this moment only: later messages are not
 * relayed [CLOSE-9].
 */
function goodbye({ counters }: Peer, pause: number): Verdict {
  return { label: 'draining', detail: `retry in ${pause} s; messages taken: ${counters.messagesIn}` };
}
