/** A write on its way to the store, or its answer on its way back. */
export interface Write {
  readonly kind: 'create' | 'takeover' | 'assert' | 'release';
  readonly expected: number;
  readonly incarnation: number;
  readonly result: 'none' | 'written' | 'conflict';
  /** Number of the write; 0 before it was written. */
  readonly revision: number;
}

export interface ReplicaState {
  readonly life: 'runs' | 'stopped' | 'dead';
  /** Whether its line to the store stands. */
  readonly online: boolean;
  readonly incarnation: number;
  readonly attached: boolean;
  /** Whether its claim must be put anew. */
  readonly unasserted: boolean;
  /** Number of the claim that it thinks it has; 0: none. */
  readonly revision: number;
  /** Peers: one waits, two are a pair. */
  readonly seats: number;
  /** The write whose answer it waits for. */
  readonly write: Write | undefined;
  /** Writes for whose answer nobody waits: they may still come through. */
  readonly strays: readonly Write[];
  /** Number of the claim that it read when it looked for what it left behind; 0: none. */
  readonly seen: number;
}

export interface RecordState {
  /** The replica whose incarnation this is, or was. */
  readonly of: number;
  readonly is: 'alive' | 'dead' | 'gone';
}

export interface ClaimState {
  readonly revision: number;
  readonly incarnation: number;
}

/** One meetup, the replicas, and the store. */
export interface State {
  readonly claim: ClaimState | undefined;
  /** The claim that was deleted last, as long as the store may forget that. */
  readonly deleted: ClaimState | undefined;
  /** By incarnation. */
  readonly records: readonly RecordState[];
  readonly replicas: readonly ReplicaState[];
  /** True after a loss of the store until each replica that can has put its claim anew. */
  readonly quarantine: boolean;
  /** What may still happen. */
  readonly arrivals: number;
  readonly leaves: number;
  readonly faults: number;
  readonly sweeps: number;
  /** What must not happen, and just has. */
  readonly wrong: string | undefined;
}

export interface Bounds {
  readonly replicas: number;
  readonly arrivals: number;
  readonly leaves: number;
  readonly faults: number;
  /** How often a replica looks for claims that it has left behind; not at all when absent. */
  readonly sweeps?: number;
}

export function beginning({ replicas, arrivals, leaves, faults, sweeps = 0 }: Bounds): State {
  const ids = Array.from({ length: replicas }, (_, i) => i);
  return {
    claim: undefined,
    deleted: undefined,
    records: ids.map((of) => ({ of, is: 'alive' })),
    replicas: ids.map((incarnation) => ({ ...FRESH, incarnation })),
    ...{ quarantine: false, arrivals, leaves, faults, sweeps, wrong: undefined },
  };
}

const FRESH: Omit<ReplicaState, 'incarnation'> = {
  ...{ life: 'runs', online: true, attached: true, unasserted: false },
  ...{ revision: 0, seats: 0, write: undefined, strays: [], seen: 0 },
};

/** The state with one replica changed. */
export function changed(state: State, i: number, change: Partial<ReplicaState>): State {
  return { ...state, replicas: state.replicas.map((one, j) => (i === j ? { ...one, ...change } : one)) };
}

/** A number above all that are in use. */
export function nextRevision(state: State): number {
  return Math.max(0, ...revisionsIn(state)) + 1;
}

/** Text of a state. Numbers of writes and incarnations only differ from each other, so states that differ by those numbers alone are one. */
export function keyOf(state: State): string {
  const { claim, deleted, records, replicas, quarantine, arrivals, leaves, faults, sweeps, wrong } = state;
  const revisions = ranksOf(revisionsIn(state));
  const incarnations = ranksOf(incarnationsIn(state));
  const write = ({ kind, expected, incarnation, result, revision }: Write): string =>
    `${kind[0]}${revisions.get(expected) ?? 0}${incarnations.get(incarnation)}${result[0]}${revisions.get(revision) ?? 0}`;
  let key = `${arrivals}${leaves}${faults}${sweeps}${+quarantine}${wrong ?? ''}`;
  if (claim !== undefined) key += `${revisions.get(claim.revision)}${incarnations.get(claim.incarnation)}`;
  if (deleted !== undefined) key += `-${revisions.get(deleted.revision)}${incarnations.get(deleted.incarnation)}`;
  for (const incarnation of incarnations.keys()) key += `${records[incarnation]?.of}${records[incarnation]?.is[0]}`;
  for (const one of replicas) {
    key += `|${one.life[0]}${+one.online}${incarnations.get(one.incarnation)}${+one.attached}${+one.unasserted}`;
    key += `${revisions.get(one.revision) ?? 0}${one.seats}${one.write === undefined ? '' : write(one.write)}`;
    for (const stray of one.strays) key += `,${write(stray)}`;
    if (one.seen > 0) key += `?${revisions.get(one.seen)}`;
  }
  return key;
}

function ranksOf(numbers: readonly number[]): ReadonlyMap<number, number> {
  const ranks = new Map<number, number>();
  for (const number of numbers.toSorted((a, b) => a - b)) if (!ranks.has(number)) ranks.set(number, ranks.size + 1);
  return ranks;
}

function incarnationsIn({ claim, deleted, replicas }: State): number[] {
  const found = [claim, deleted].flatMap((one) => one?.incarnation ?? []);
  for (const { incarnation, write, strays } of replicas) {
    found.push(incarnation);
    if (write !== undefined) found.push(write.incarnation);
    for (const stray of strays) found.push(stray.incarnation);
  }
  return found;
}

function revisionsIn({ claim, deleted, replicas }: State): number[] {
  const found = [claim, deleted].flatMap((one) => one?.revision ?? []);
  for (const { revision, write, strays, seen } of replicas) {
    found.push(revision, seen);
    if (write !== undefined) found.push(write.expected, write.revision);
    for (const stray of strays) found.push(stray.expected);
  }
  return found.filter((one) => one > 0);
}
