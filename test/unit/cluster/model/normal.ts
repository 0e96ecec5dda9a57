import type { ReplicaState, State, Write } from './state.js';

/**
 * The same state without what can make no difference any more: what a dead replica knew, and writes that expect a number which the claim will
 * never have again. Far fewer states are left.
 */
export function normal(state: State): State {
  return { ...state, replicas: state.replicas.map((one) => plain(one, state)) };
}

function plain(replica: ReplicaState, state: State): ReplicaState {
  const { life, write, strays } = replica;
  const left = strays.filter((one) => !isDoomed(one, state));
  if (life === 'dead') {
    const underway = write?.result === 'none' && !isDoomed(write, state) ? [write] : [];
    return { ...DEAD, incarnation: replica.incarnation, strays: [...left, ...underway] };
  }
  const decided =
    write?.result === 'none' && isDoomed(write, state) ? { ...write, result: 'conflict' as const } : write;
  const seen = replica.seen === state.claim?.revision ? replica.seen : 0;
  return { ...replica, write: decided, strays: left, seen };
}

const DEAD: Omit<ReplicaState, 'incarnation' | 'strays'> = {
  ...{
    life: 'dead',
    online: false,
    attached: false,
    unasserted: false,
    revision: 0,
    seats: 0,
    write: undefined,
    seen: 0,
  },
};

function isDoomed({ expected }: Write, { claim }: State): boolean {
  return expected > 0 && claim?.revision !== expected;
}
