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

export interface EmptyingParts {
  readonly present: Present;
  readonly steering: Steering;
  readonly clock: Clock;
  readonly statistics: SessionStatistics;
}

/** The peers that go, and whoever sits beside them. */
export interface Leaving {
  concerns(peer: Peer): boolean;
  /** Whether all are gone; asked often. */
  isOver(): boolean;
}

/**
 * Closes sessions without losing what is in flight: those in which nothing is, in batches; busy ones at a moment in which nothing is, or
 * at the deadline. Resolves when all are gone.
 */
export function empty(parts: EmptyingParts, leaving: Leaving, plan: DrainPlan): Promise<void> {
  return new Emptying(parts, leaving, plan).run();
}

class Emptying {
  readonly #parts: EmptyingParts;
  readonly #leaving: Leaving;
  readonly #plan: DrainPlan;
  readonly #overdue: number;
  readonly #lull = new DrainLull();

  constructor(parts: EmptyingParts, leaving: Leaving, plan: DrainPlan) {
    this.#parts = parts;
    this.#leaving = leaving;
    this.#plan = plan;
    this.#overdue = parts.clock.steady() + plan.deadline;
  }

  run(): Promise<void> {
    const { clock } = this.#parts;
    const { interval, deadline } = this.#plan;
    this.#endAlone();
    return new Promise((resolve) => {
      const look = (): void => {
        const now = clock.steady();
        for (const session of this.#lull.look(now, this.#overdue - deadline / 2)) {
          if (!this.#isBusy(session)) this.#close(session);
        }
        if (!this.#leaving.isOver()) return;
        stop();
        resolve();
      };
      const step = (): void => {
        this.#batch();
        look();
      };
      const timers = [clock.every(interval, step), clock.every(LOOK_INTERVAL, look)];
      const stop = (): void => {
        for (const cancel of timers) cancel();
      };
      step();
    });
  }

  #endAlone(): void {
    const { present, steering } = this.#parts;
    const alone = [...present.peers].filter(
      (peer) => peer.session?.state.t !== 'paired' && this.#leaving.concerns(peer),
    );
    void steering.endEachInSlices(new Map(alone.map((peer) => [peer, goodbye(peer, pauseOf(this.#plan))])));
  }

  /** Closes the next batch; what is left of its size begins to hold back. */
  #batch(): void {
    const now = this.#parts.clock.steady();
    let left = this.#plan.batch;
    const busy: Session[] = [];
    for (const session of this.#parts.present.sessions.values()) {
      if (left === 0) return;
      if (!session.peers.some((peer) => this.#leaving.concerns(peer))) continue;
      if (now >= this.#overdue || !this.#isBusy(session)) {
        this.#close(session);
        left -= 1;
      } else if (!this.#lull.has(session)) busy.push(session);
    }
    for (const session of busy.slice(0, left)) this.#lull.begin(session, now);
  }

  #isBusy(session: Session): boolean {
    return this.#parts.statistics.of(session).inFlight > 0;
  }

  /** Both are asked to come back at one time: each would wait for the other. */
  #close(session: Session): void {
    const pause = pauseOf(this.#plan);
    this.#parts.steering.endEach(new Map(session.peers.map((peer) => [peer, goodbye(peer, pause)])));
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
