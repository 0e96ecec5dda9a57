import { SIDES, steadyNow } from '../judge/history.js';
import { seconds } from '../report.js';
import { paired, type Stage } from '../stage.js';
import { FELT_MS, PATIENCE, type Scene } from '../table/fault.js';

/** What is told of a time above its bound, if it is. */
export function lateIn(what: string, took: number, mostMs: number): string[] {
  return took <= mostMs ? [] : [`${what} after ${seconds(took)} s; the bound is ${seconds(mostMs)} s`];
}

/**
 * Resolves with the milliseconds from the harm until peers have lost their connections and all pairs are there again, and with what is told
 * of that where it is above its bound; rejects when that takes many times as long.
 */
export async function backAfter<S extends Stage>(
  { arena, seats }: Pick<Scene<S>, 'arena' | 'seats'>,
  harm: () => Promise<void>,
  mostMs: number,
): Promise<{ readonly took: number; readonly late: readonly string[] }> {
  const before = SIDES.map((side) => arena.crowds[side].status.losses);
  const began = steadyNow();
  await harm();
  const felt = AbortSignal.timeout(FELT_MS);
  await Promise.any(
    SIDES.map((side, at) => arena.crowds[side].until(({ losses }) => losses > (before[at] ?? 0), felt)),
  ).catch(() => {
    throw new Error(`no peer felt the fault within ${FELT_MS / 1000} s`);
  });
  await allPaired(arena, seats.manager.length, Math.max(0, began + PATIENCE * mostMs - steadyNow()));
  const took = steadyNow() - began;
  return { took, late: lateIn('all pairs were back', took, mostMs) };
}

/** Resolves when so many pairs are there; rejects when that takes longer. */
export async function allPaired(arena: Stage, pairs: number, mostMs: number): Promise<void> {
  const late = AbortSignal.timeout(Math.ceil(mostMs));
  await paired(arena, pairs, late).catch(() => {
    const told = SIDES.map((side) => `${side}s ${JSON.stringify(arena.crowds[side].status)}`).join(', ');
    throw new Error(`not all of ${pairs} pairs were there in time: ${told}`);
  });
}
