import { setTimeout as wait } from 'node:timers/promises';
import { type MessageSizes, type Templates, templatesOf } from '../../../bench/exchange.js';
import { fewAtATime, meetups } from '../../../bench/meetups.js';
import { closePairs, openPairInTurn } from '../../../bench/pair.js';
import { type DialTarget, readTarget, type Target } from '../../../bench/target.js';
import { type Usage, usageOfAll, usedBetween } from '../../../bench/usage.js';
import type { Measurement, ProcessIds, WindowPlan } from '../../../bench/window.js';
import { openNatsPair } from './nats-pair.js';
import { type StandingPair, StandingPairs } from './standing-pairs.js';

/** How the peers of a contender speak. */
export type Speech = 'websocket' | 'nats';

/** Pairs come to a contender, rest, ask all at once, then one after the other, and go. */
export interface VisitPlan extends WindowPlan, MessageSizes {
  readonly speech: Speech;
  readonly target: Target;
  readonly watched: ProcessIds;
  readonly pairs: number;
  /** Pairs among them whose set-up is measured: so many at first, and so many at last. */
  readonly counted: number;
}

/** The use of each process by its name. */
type UsageByName = Readonly<Record<string, Usage>>;

export interface Visit {
  /** CPU time for the first pairs, and for the last. */
  readonly first: UsageByName;
  readonly last: UsageByName;
  readonly idle: UsageByName;
  /** Each pair had one request under way. */
  readonly busy: Measurement;
  /** One pair after the other had one. */
  readonly alone: Measurement;
}

/** Pairs that are being set up at any time. */
const AT_ONCE = 16;
/** Time in which a contender comes to rest, milliseconds. */
const REST_MS = 3_000;

export async function visit(plan: VisitPlan): Promise<Visit> {
  const target = await readTarget(plan.target);
  const names = [...meetups(plan.pairs)];
  const templates = templatesOf(plan);
  const pairs: StandingPair[] = [];
  const opened = async (count: number): Promise<UsageByName> => {
    const before = usageOfAll(plan.watched);
    const mine = names.splice(0, count);
    await fewAtATime(mine.values(), AT_ONCE, async (meetup) => {
      pairs.push(await openOne(plan, target, templates, meetup));
    });
    return usedBetween(before, usageOfAll(plan.watched));
  };
  try {
    const first = await opened(plan.counted);
    await opened(plan.pairs - 2 * plan.counted);
    const last = await opened(plan.counted);
    await wait(REST_MS);
    const idle = usageOfAll(plan.watched);
    const standing = new StandingPairs(pairs);
    // One request at a time is too few to get code compiled: it is by then.
    const busy = await standing.allAtOnce(plan, plan.watched);
    const alone = await standing.inTurns(plan, plan.watched);
    return { first, last, idle, busy, alone };
  } finally {
    for (const pair of pairs) pair.close();
    await wait(REST_MS);
  }
}

/** The answerer stands there when the asker comes, for all contenders: the Micronets proxy joins a peer with itself when both come at once. */
async function openOne(
  plan: VisitPlan,
  target: DialTarget,
  templates: Templates,
  meetup: string,
): Promise<StandingPair> {
  if (plan.speech === 'nats') return openNatsPair(target, meetup, plan);
  const pair = await openPairInTurn(target, meetup);
  for (const link of [pair.asker, pair.answerer]) link.writesAlone = true;
  return { pair, templates, close: () => closePairs([pair]) };
}
