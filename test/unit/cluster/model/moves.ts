import { answered, applied } from './answers.js';
import { arrival, sent } from './arrival.js';
import type { World } from './rules.js';
import { changed, type RecordState, type ReplicaState, type State } from './state.js';

export type Move = readonly [name: string, to: State];

/** Everything that can happen next. */
export function* moves(state: State, world: World): Generator<Move> {
  for (const [i, replica] of state.replicas.entries()) {
    if (replica.life === 'runs') yield* running(state, i, replica, world);
    yield* onTheWay(state, i, replica, world);
    yield* faults(state, i, replica, world);
  }
  if (state.faults === 0) return;
  if (world.wipe) yield ['wipe', wiped(state, world)];
  if (state.deleted !== undefined) yield ['forget', forgotten(state, world)];
}

function* running(state: State, i: number, replica: ReplicaState, world: World): Generator<Move> {
  if (state.arrivals > 0 && replica.write === undefined) {
    const to = arrival({ ...state, arrivals: state.arrivals - 1 }, i, world);
    if (to !== undefined) yield [`arrive ${i}`, to];
  }
  if (state.leaves > 0 && replica.seats > 0 && replica.write === undefined)
    yield [`leave ${i}`, left(state, i, replica)];
  if (replica.online) yield* renewal(state, i, replica, world);
  else yield* away(state, i, replica, world);
  if (replica.online && replica.attached) {
    yield* declarations(state, i, world);
    yield* sweeping(state, i, replica, world);
  }
  const { write } = replica;
  if (write?.result !== undefined && write.result !== 'none' && replica.online) {
    yield [`answer ${i} ${write.kind} ${write.result}`, answered(state, i, world)];
  }
}

/** The peers go, and the claim is released without waiting for an answer. */
function left(state: State, i: number, { online, attached, revision, incarnation, strays }: ReplicaState): State {
  const release = online && attached && revision > 0 ? [sent('release', revision, incarnation)] : [];
  return {
    ...changed(state, i, { seats: 0, revision: 0, unasserted: false, strays: [...strays, ...release] }),
    leaves: state.leaves - 1,
  };
}

/** It renews its record, learns that it is thought dead or that the record is gone, or puts its claim anew. */
function* renewal(state: State, i: number, replica: ReplicaState, world: World): Generator<Move> {
  const { incarnation, attached, unasserted, write } = replica;
  const isAlive = state.records[incarnation]?.is === 'alive';
  if (!isAlive) {
    if (world.rules.tombstone) yield [`reincarnate ${i}`, reincarnated(state, i, replica, world)];
  } else if (unasserted) {
    if (write === undefined) yield [`assert ${i}`, changed(state, i, { write: assertion(state, i, replica) })];
  } else if (!attached) yield [`renew ${i}`, changed(state, i, { attached: true })];
}

function reincarnated(state: State, i: number, replica: ReplicaState, world: World): State {
  const incarnation = state.records.length;
  const hasClaim = replica.revision > 0;
  const isGone = state.records[replica.incarnation]?.is === 'gone';
  // Without the rule the claim is put once, and what becomes of it is not waited for.
  const first = hasClaim && !world.rules.keep && replica.write === undefined;
  const change = {
    ...{ incarnation, attached: false, unasserted: hasClaim && world.rules.keep },
    ...(first ? { write: sent('assert', replica.revision, incarnation) } : {}),
  };
  const quarantine = state.quarantine || (isGone && world.rules.quarantine);
  return { ...changed(state, i, change), records: [...state.records, { of: i, is: 'alive' }], quarantine };
}

/** It expects what it knows, or what a look has told: its own claim under a number that it never learned, or none. */
function assertion(state: State, i: number, { incarnation, revision }: ReplicaState) {
  const { claim } = state;
  if (claim === undefined) return sent('assert', 0, incarnation);
  const isOwn = state.records[claim.incarnation]?.of === i;
  return sent('assert', isOwn ? claim.revision : revision, incarnation);
}

/** Its line is broken: in time it counts itself out, and nobody tells it what became of its write. */
function* away(state: State, i: number, replica: ReplicaState, { lost }: World): Generator<Move> {
  const { attached, seats, write, strays } = replica;
  if (attached || (lost === 'end' && seats === 2)) {
    yield [`detach ${i}`, changed(state, i, { attached: false, seats: lost === 'end' && seats === 2 ? 0 : seats })];
  }
  if (write !== undefined) {
    const more = write.result === 'none' ? [...strays, write] : strays;
    yield [`lose ${i} ${write.kind}`, changed(state, i, { write: undefined, strays: more })];
  }
}

/** It declares another incarnation dead, which it can be wrong about. */
function* declarations(state: State, i: number, { rules, lost }: World): Generator<Move> {
  const me = state.replicas[i];
  if (me === undefined || state.records[me.incarnation]?.is !== 'alive') return;
  for (const [incarnation, record] of state.records.entries()) {
    if (incarnation === me.incarnation || record.is === 'dead') continue;
    const victim = state.replicas.find((one) => one.incarnation === incarnation);
    if (record.is === 'alive' && !mayBeDead(victim, rules.timing, lost)) continue;
    const to: RecordState = { ...record, is: 'dead' };
    yield [
      `${i} declares ${incarnation} dead`,
      { ...state, records: state.records.map((one, j) => (j === incarnation ? to : one)) },
    ];
  }
}

/** It reads whether it has left a claim behind, and releases what it has read. */
function* sweeping(state: State, i: number, replica: ReplicaState, { rules }: World): Generator<Move> {
  const { claim, records } = state;
  const { seen, revision, write, strays, incarnation } = replica;
  if (seen === 0) {
    const isOwn = claim !== undefined && records[claim.incarnation]?.of === i;
    if (isOwn && state.sweeps > 0)
      yield [`look ${i}`, { ...changed(state, i, { seen: claim.revision }), sweeps: state.sweeps - 1 }];
    return;
  }
  const isInUse = revision > 0 || (rules.sweep && write !== undefined);
  const release = isInUse ? [] : [sent('release', seen, incarnation)];
  yield [`sweep ${i}`, changed(state, i, { seen: 0, strays: [...strays, ...release] })];
}

function mayBeDead(victim: ReplicaState | undefined, timing: boolean, lost: 'keep' | 'end'): boolean {
  if (victim === undefined || victim.life !== 'runs') return true;
  if (victim.online) return false;
  return !timing || (!victim.attached && !(lost === 'end' && victim.seats === 2));
}

/** Writes come through, whatever has become of the sender. */
function* onTheWay(state: State, i: number, { write, strays }: ReplicaState, world: World): Generator<Move> {
  if (write?.result === 'none') {
    const { state: to, write: after } = applied(state, write, world);
    yield [`apply ${i} ${write.kind}`, changed(to, i, { write: after })];
  }
  for (const stray of strays) {
    const rest = strays.filter((one) => one !== stray);
    yield [`late ${i} ${stray.kind}`, changed(applied(state, stray, world).state, i, { strays: rest })];
  }
}

function* faults(state: State, i: number, replica: ReplicaState, { rules, lost }: World): Generator<Move> {
  const { life, online, seats } = replica;
  if (life === 'stopped') {
    const change = rules.clock ? { attached: false, seats: lost === 'end' && seats === 2 ? 0 : seats } : {};
    yield [`resume ${i}`, changed(state, i, { life: 'runs', ...change })];
  }
  if (!online && life !== 'dead') yield [`heal ${i}`, changed(state, i, { online: true })];
  if (state.faults === 0) return;
  const after = { ...state, faults: state.faults - 1 };
  if (life === 'runs') {
    yield [`stop ${i}`, changed(after, i, { life: 'stopped' })];
    yield [`kill ${i}`, changed(after, i, { life: 'dead', seats: 0 })];
  }
  if (online && life !== 'dead') yield [`cut ${i}`, changed(after, i, { online: false })];
}

/** The store loses everything. */
function wiped(state: State, world: World): State {
  const records = state.records.map((one): RecordState => ({ ...one, is: 'gone' }));
  return { ...restarted(state, world), claim: undefined, deleted: undefined, records };
}

/** The store is killed, and has again what was deleted last. */
function forgotten(state: State, world: World): State {
  return { ...restarted(state, world), claim: state.deleted, deleted: undefined };
}

/** What is on its way to the store is lost. Whoever runs notices that its line broke. */
function restarted(state: State, { rules }: World): State {
  const replicas = state.replicas.map((one) => ({
    ...one,
    attached: one.attached && !(rules.disconnect && one.life === 'runs'),
    write: one.write?.result === 'none' ? undefined : one.write,
    strays: [],
  }));
  return { ...state, replicas, faults: state.faults - 1 };
}
