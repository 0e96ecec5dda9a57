import { performance } from 'node:perf_hooks';
import { Exchange, type MessageSizes, templatesOf } from './exchange.js';
import { closePairs, openPairs } from './pair.js';
import type { DialTarget } from './target.js';
import { MeasuredWindow, type Measurement, type ProcessIds, type WindowPlan } from './window.js';

export interface ClosedLoopPlan extends MessageSizes, WindowPlan {
  readonly pairs: number;
  /** Requests of each pair that are unanswered at any time: the next one leaves when an answer comes. */
  readonly inFlight: number;
  /** True: each message leaves by a write of its own, one TLS record each, as peers write that know of one message at a time. */
  readonly eachAlone?: boolean;
}

/** As much as the proxy takes: for throughput and CPU time. Its latencies say how long the queue is, no more. */
export async function closedLoop(target: DialTarget, plan: ClosedLoopPlan, watched: ProcessIds): Promise<Measurement> {
  const pairs = await openPairs(target, plan.pairs);
  const templates = templatesOf(plan);
  const broken = new AbortController();
  const window = new MeasuredWindow();
  try {
    for (const pair of pairs) {
      for (const link of [pair.asker, pair.answerer]) link.writesAlone = plan.eachAlone === true;
      const next = (ms: number): void => {
        window.answered(ms);
        exchange.ask(performance.now());
      };
      const exchange: Exchange = new Exchange(pair, templates, next, (why) => broken.abort(new Error(why)));
      for (let count = 0; count < plan.inFlight; count += 1) exchange.ask(performance.now());
      exchange.flush();
    }
    return await window.run(plan, watched, broken.signal);
  } finally {
    closePairs(pairs);
  }
}
