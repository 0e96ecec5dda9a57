/** Makes the load in a process of its own, so that its work is never counted as the service's. Jobs come over the channel. */

import { Churn, type ChurnPlan } from '../../bench/churn.js';
import { Crowd, knock } from '../../bench/crowd.js';
import { comeAndGo, type IdleSessions, openIdle } from '../../bench/idle.js';
import { type Job, runJob } from '../../bench/job.js';
import { StuckReader } from '../../bench/stuck-reader.js';
import { readTarget, type Target } from '../../bench/target.js';
import type { ProcessIds } from '../../bench/window.js';
import { type VisitPlan, visit } from './rivals/visit.js';

export type DriverCommand =
  | { readonly t: 'run'; readonly job: Job }
  | { readonly t: 'open-idle'; readonly target: Target; readonly sessions: number }
  | { readonly t: 'close-idle' }
  | { readonly t: 'come-and-go'; readonly target: Target; readonly sessions: number }
  | { readonly t: 'knock'; readonly target: Target; readonly pairs: number }
  | { readonly t: 'come'; readonly target: Target; readonly pairs: number; readonly watched: ProcessIds }
  | { readonly t: 'drop' }
  | { readonly t: 'open-flood'; readonly target: Target; readonly floodBytes: number; readonly service: number }
  | { readonly t: 'close-flood' }
  | { readonly t: 'churn'; readonly target: Target; readonly plan: ChurnPlan }
  | { readonly t: 'visit'; readonly plan: VisitPlan };

export type DriverAnswer =
  | { readonly t: 'up' }
  | { readonly t: 'done'; readonly result: unknown }
  | { readonly t: 'failed'; readonly why: string };

let idle: IdleSessions | undefined;
let crowd: Crowd | undefined;
let stuck: StuckReader | undefined;

process.on('message', (command: DriverCommand) => {
  run(command).then(
    (result) => answer({ t: 'done', result }),
    (error: unknown) => answer({ t: 'failed', why: error instanceof Error ? error.message : String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
answer({ t: 'up' });

async function run(command: DriverCommand): Promise<unknown> {
  switch (command.t) {
    case 'run':
      return runJob(command.job);
    case 'open-idle':
      idle = await openIdle(await readTarget(command.target), command.sessions);
      return undefined;
    case 'close-idle': {
      const lost = idle?.lost();
      idle?.close();
      idle = undefined;
      return lost;
    }
    case 'come-and-go':
      return comeAndGo(await readTarget(command.target), command.sessions);
    case 'knock':
      return knock(await readTarget(command.target), command.pairs);
    case 'come':
      crowd = await Crowd.come(await readTarget(command.target), command.pairs, command.watched);
      return crowd.arrival;
    case 'drop':
      crowd?.drop();
      crowd = undefined;
      return undefined;
    case 'open-flood':
      stuck = await StuckReader.open(await readTarget(command.target), command.floodBytes, command.service);
      return undefined;
    case 'close-flood': {
      const flooded = stuck?.close();
      stuck = undefined;
      return flooded;
    }
    case 'churn':
      return new Churn(await readTarget(command.target), command.plan).run();
    case 'visit':
      return visit(command.plan);
  }
}

function answer(message: DriverAnswer): void {
  process.send?.(message);
}
