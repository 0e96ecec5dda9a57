import type { FailureClass } from '../../wire/invocation.js';
import type { SessionCalls } from './invocation-table.js';

/** Calls that have to fail one after another until a session counts as failing: one that fails is no fault of a gateway. */
export const FAILING_AFTER = 5;

/** The classes of failure for which a session can count as failing; a 4xx is the asker's own. */
export type FailingClass = Exclude<FailureClass, 'answered_4xx'>;

/** Counts the sessions whose last calls all failed, by how the last one did: one gateway whose API is down does not show in sums over all calls. */
export class FailingSessions {
  readonly counts: Record<FailingClass, number> = { not_answered: 0, answered_5xx: 0 };

  /** A call of a session ended, with that class of failure or without one. */
  ended(calls: SessionCalls, failure: FailureClass | undefined): void {
    if (failure === undefined || failure === 'answered_4xx') {
      if (calls.failedInRow > 0) this.#set(calls, 0, undefined);
      return;
    }
    const inRow = calls.failedInRow + 1;
    this.#set(calls, inRow, inRow < FAILING_AFTER ? undefined : failure);
  }

  /** The session ended. */
  gone(calls: SessionCalls): void {
    this.#set(calls, 0, undefined);
  }

  #set(calls: SessionCalls, inRow: number, failing: FailingClass | undefined): void {
    if (calls.failing !== undefined) this.counts[calls.failing] -= 1;
    if (failing !== undefined) this.counts[failing] += 1;
    calls.failedInRow = inRow;
    calls.failing = failing;
  }
}
