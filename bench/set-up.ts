import { performance } from 'node:perf_hooks';
import { closePairs, openPair } from './pair.js';
import type { DialTarget } from './target.js';
import { MeasuredWindow, type Measurement, type ProcessIds, type WindowPlan } from './window.js';

export interface SetUpPlan extends WindowPlan {
  /** Pairs that are being set up at any time. */
  readonly atOnce: number;
}

/** Sessions one after the other: TCP, TLS, upgrade, HELLO and pair on both sides, then an end. An exchange is one session. */
export async function setUps(target: DialTarget, plan: SetUpPlan, watched: ProcessIds): Promise<Measurement> {
  const broken = new AbortController();
  const window = new MeasuredWindow();
  const run = Math.random().toString(36).slice(2, 10);
  let next = 0;
  let over = false;
  const again = async (): Promise<void> => {
    while (!over) {
      const start = performance.now();
      next += 1;
      const pair = await openPair(target, `${run}-${next}`);
      window.answered(performance.now() - start);
      closePairs([pair]);
    }
  };
  const loops = Array.from({ length: plan.atOnce }, () => again().catch((error: unknown) => broken.abort(error)));
  try {
    return await window.run(plan, watched, broken.signal);
  } finally {
    over = true;
    await Promise.all(loops);
  }
}
