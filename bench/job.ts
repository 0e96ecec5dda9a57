import { type ClosedLoopPlan, closedLoop } from './closed-loop.js';
import { type OpenLoopPlan, openLoop } from './open-loop.js';
import { type SetUpPlan, setUps } from './set-up.js';
import { readTarget, type Target } from './target.js';
import type { Measurement, ProcessIds } from './window.js';

/** One piece of load, as plain data: it may be run in another process. */
export type Job =
  | { readonly t: 'closed'; readonly target: Target; readonly plan: ClosedLoopPlan; readonly watched: ProcessIds }
  | { readonly t: 'open'; readonly target: Target; readonly plan: OpenLoopPlan; readonly watched: ProcessIds }
  | { readonly t: 'set-up'; readonly target: Target; readonly plan: SetUpPlan; readonly watched: ProcessIds };

/** Runs one job in this process. Rejects with one line when the load could not be held. */
export async function runJob(job: Job): Promise<Measurement> {
  const target = await readTarget(job.target);
  switch (job.t) {
    case 'closed':
      return closedLoop(target, job.plan, job.watched);
    case 'open':
      return openLoop(target, job.plan, job.watched);
    case 'set-up':
      return setUps(target, job.plan, job.watched);
  }
}
