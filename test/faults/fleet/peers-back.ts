import { SIDES, steadyNow } from '../judge/history.js';
import { paired, type Stage } from '../stage.js';
import { FELT_MS, type Scene } from '../table/fault.js';

/** Resolves with the milliseconds from the harm until peers have lost their connections and all pairs are there again; rejects when that takes longer. */
export async function backAfter<S extends Stage>(
  { arena, seats }: Pick<Scene<S>, 'arena' | 'seats'>,
  harm: () => Promise<void>,
  mostMs: number,
): Promise<number> {
  const before = SIDES.map((side) => arena.crowds[side].status.losses);
  const began = steadyNow();
  await harm();
  const felt = AbortSignal.timeout(FELT_MS);
  await Promise.any(
    SIDES.map((side, at) => arena.crowds[side].until(({ losses }) => losses > (before[at] ?? 0), felt)),
  ).catch(() => {
    throw new Error(`no peer felt the fault within ${FELT_MS / 1000} s`);
  });
  await allPaired(arena, seats.manager.length, Math.max(0, began + mostMs - steadyNow()));
  return steadyNow() - began;
}

/** Resolves when so many pairs are there; rejects when that takes longer. */
export async function allPaired(arena: Stage, pairs: number, mostMs: number): Promise<void> {
  const late = AbortSignal.timeout(Math.ceil(mostMs));
  await paired(arena, pairs, late).catch(() => {
    const told = SIDES.map((side) => `${side}s ${JSON.stringify(arena.crowds[side].status)}`).join(', ');
    throw new Error(`not all of ${pairs} pairs were there in time: ${told}`);
  });
}
