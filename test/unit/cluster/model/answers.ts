import { sent } from './arrival.js';
import type { World } from './rules.js';
import { changed, nextRevision, type ReplicaState, type State, type Write } from './state.js';

/** The store takes a write: all at once, and only where the claim is as expected. */
export function applied(state: State, write: Write, { forgets }: World): Applied {
  if ((state.claim?.revision ?? 0) !== write.expected) return { state, write: { ...write, result: 'conflict' } };
  if (write.kind === 'release') {
    const deleted = forgets ? state.claim : undefined;
    return { state: { ...state, claim: undefined, deleted }, write: { ...write, result: 'written' } };
  }
  const revision = nextRevision(state);
  const claim = { revision, incarnation: write.incarnation };
  return { state: { ...state, claim, deleted: undefined }, write: { ...write, result: 'written', revision } };
}

interface Applied {
  readonly state: State;
  readonly write: Write;
}

/** The answer to a replica's write arrives. */
export function answered(state: State, i: number, world: World): State {
  const replica = state.replicas[i];
  const write = replica?.write;
  if (replica === undefined || write === undefined) return state;
  const after = changed(state, i, { write: undefined });
  if (write.kind === 'assert') return asserted(after, i, replica, write);
  if (write.result === 'conflict') return after;
  if (world.rules.present && write.incarnation !== replica.incarnation) {
    return changed(after, i, { write: sent('create', write.revision, replica.incarnation) });
  }
  return changed(after, i, { revision: write.revision, seats: 1 });
}

function asserted(state: State, i: number, replica: ReplicaState, { result, revision, incarnation }: Write): State {
  // Everybody has left meanwhile.
  if (replica.revision === 0) return state;
  if (result === 'written')
    return changed(state, i, { revision, unasserted: replica.unasserted && incarnation !== replica.incarnation });
  const { claim } = state;
  const isAnothers = claim !== undefined && state.records[claim.incarnation]?.of !== i;
  return isAnothers ? changed(state, i, { seats: 0, revision: 0, unasserted: false }) : state;
}
