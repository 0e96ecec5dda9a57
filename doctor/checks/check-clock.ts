import { BACKDATE_MS } from '../../certs/validity.js';
import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import type { Door } from '../look/door.js';

/** Clocks that differ by more than this are worth a word, milliseconds. */
const NOTABLE_MS = 30_000;

/** Do the clocks here and there agree? */
export async function checkClock(door: Door): Promise<Judgement> {
  const greeting = await door.greeting();
  return judgeClock(greeting.t === 'answered' ? greeting.skew : undefined);
}

/** `skew`: the server's clock less ours, milliseconds. */
export function judgeClock(skew: number | undefined): Judgement {
  if (skew === undefined) return notChecked('the proxy gave no answer with a time in it');
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (Math.abs(skew) < NOTABLE_MS) return ok(`the clocks agree within ${Math.max(seconds, 1)} s`);
  const what = `the clock here is ${seconds} s ${skew > 0 ? 'behind' : 'ahead of'} the proxy’s`;
  const why =
    'a certificate or a revocation list that has just begun, or is about to end, is good to one and not to the other';
  const todo = 'see which of the two is wrong and set it: timedatectl';
  return Math.abs(skew) < BACKDATE_MS ? warning(what, why, todo) : fault(what, why, todo);
}
