import type { World } from './rules.js';
import { changed, type State, type Write } from './state.js';
import { ON_LOST_CLAIM } from './wrong.js';

const SENT = { result: 'none', revision: 0 } as const;

/** A write as it is sent. */
export function sent(kind: Write['kind'], expected: number, incarnation: number): Write {
  return { kind, expected, incarnation, ...SENT };
}

/** A peer arrives at a replica, which seats it, asks the store, or hands it on in one hop. Undefined where it is refused. */
export function arrival(state: State, i: number, world: World, mayHop = true): State | undefined {
  const replica = state.replicas[i];
  if (replica === undefined || replica.seats === 2) return undefined;
  if (replica.seats === 1 && replica.revision > 0) return paired(state, i, world);
  if (!replica.attached || !replica.online) return undefined;
  if (replica.revision > 0) return changed(state, i, { seats: 1 });
  if (state.claim === undefined) return taken(state, i, world);
  const { revision, incarnation } = state.claim;
  if (incarnation === replica.incarnation) {
    if (!world.rules.fence) return changed(state, i, { revision, seats: 1 });
    return changed(state, i, { write: sent('create', revision, incarnation) });
  }
  if (isDead(state, incarnation, world)) {
    return changed(state, i, { write: sent('takeover', revision, replica.incarnation) });
  }
  const owner = state.replicas.findIndex((one) => one.incarnation === incarnation);
  const isThere = state.replicas[owner]?.life === 'runs' && state.replicas[owner].write === undefined;
  return mayHop && isThere ? arrival(state, owner, world, false) : undefined;
}

function paired(state: State, i: number, { rules }: World): State | undefined {
  const replica = state.replicas[i];
  if (rules.clock && replica?.attached !== true) return undefined;
  const isLost = state.claim === undefined || state.claim.revision !== replica?.revision;
  return { ...changed(state, i, { seats: 2 }), wrong: isLost ? ON_LOST_CLAIM : undefined };
}

function taken(state: State, i: number, world: World): State | undefined {
  const mustWait = state.quarantine && state.replicas.some((_, j) => hasYetToAssert(state, j, world));
  if (mustWait) return undefined;
  const incarnation = state.replicas[i]?.incarnation ?? 0;
  return { ...changed(state, i, { write: sent('create', 0, incarnation) }), quarantine: false };
}

/** Whether a replica runs and will put its claim anew within the time of the quarantine. One that is cut off has ended its pairs, or keeps them. */
function hasYetToAssert(state: State, j: number, { lost }: World): boolean {
  const one = state.replicas[j];
  if (one?.life !== 'runs') return false;
  if (!one.online) return lost === 'end' && one.seats > 0;
  return one.unasserted || state.records[one.incarnation]?.is !== 'alive';
}

function isDead(state: State, incarnation: number, { rules }: World): boolean {
  if (rules.tombstone) return state.records[incarnation]?.is === 'dead';
  const owner = state.replicas.find((one) => one.incarnation === incarnation);
  return owner === undefined || owner.life !== 'runs' || !owner.online;
}
