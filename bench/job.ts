import { type ClosedLoopPlan, closedLoop } from './closed-loop.js';
import { type OpenLoopPlan, openLoop } from './open-loop.js';
import { type SetUpPlan, setUps } from './set-up.js';
import { reach, type Target } from './target.js';
import type { Measured, Watched } from './window.js';

/** One piece of load, as plain data: it may be run in another process. */
export type Job =
  | { readonly t: 'closed'; readonly target: Target; readonly plan: ClosedLoopPlan; readonly watched: Watched }
  | { readonly t: 'open'; readonly target: Target; readonly plan: OpenLoopPlan; readonly watched: Watched }
  | { readonly t: 'set-up'; readonly target: Target; readonly plan: SetUpPlan; readonly watched: Watched };

/** Runs one job in this process. Rejects with one line when the load could not be held. */
export async function runJob(job: Job): Promise<Measured> {
  const reached = await reach(job.target);
  switch (job.t) {
    case 'closed':
      return closedLoop(reached, job.plan, job.watched);
    case 'open':
      return openLoop(reached, job.plan, job.watched);
    case 'set-up':
      return setUps(reached, job.plan, job.watched);
  }
}
