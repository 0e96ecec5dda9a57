import { setTimeout as delay } from 'node:timers/promises';
import { Arena } from './arena/arena.js';
import { check } from './judge/checker.js';
import { type History, type Seat, SIDES, type Side, seatName, steadyNow } from './judge/history.js';
import { type Measured, measure } from './judge/measure.js';
import type { SeatPlan } from './peers/seat.js';
import type { Ground } from './pool.js';
import { paired, type Stage } from './stage.js';
import { type Fault, PATIENCE } from './table/fault.js';
import { worldIn } from './world.js';

/** How a fault went. */
export interface SceneResult<F = Fault> {
  readonly fault: F;
  readonly measured: Measured;
  /** Where peers come at once: milliseconds that as many handshakes took alone, on this machine and just before. */
  readonly handshakes?: number;
  /** What the fault found out besides. */
  readonly notes: readonly string[];
  /** What must not be: each a line. */
  readonly wrong: readonly string[];
  /** Times above their bounds: each a line. What else runs on the machine may have caused them. */
  readonly late: readonly string[];
}

/** What of a fault does not differ from stage to stage. */
type Played = Omit<Fault, 'inject' | 'arena'>;

/** Where the faults of one service are played. */
export const ground: Ground<Fault, Arena, SceneResult> = {
  workers: 3,
  start: ({ arena }) => Arena.start(arena),
  play,
};

const PAIRS = 16;
const EVERY_MS = 150;
/** Milliseconds until all are paired before a fault. */
const START_MS = 60_000;
/** Milliseconds of load before a fault. */
const WARM_MS = 500;
const ONE_SIDED_MS = 25_000;
const HELLO_MS = 5_000;

/** Plays one fault: peers meet and talk, it happens, they come back, all settles; then what they saw is judged. */
export async function play<S extends Stage, P>(fault: Fault<S, P>, arena: S): Promise<SceneResult<Fault<S, P>>> {
  const seats = seatsFor(fault, arena);
  const wrong: string[] = [];
  const phases: { readonly name: string; readonly from: number }[] = [];
  const times = { injected: 0, healed: 0, phases };
  const alone = (): Promise<number> => handshakesOf(fault, arena, seats);
  const handshakes = fault.bounds.ofHandshakes === undefined ? undefined : await alone();
  if (fault.isArrival !== true) {
    await gather(fault, arena, seats, Math.max(START_MS, fault.bounds.recovery));
    await delay(fault.warmMs ?? WARM_MS);
  }
  const begin = (): void => {
    times.injected = steadyNow();
  };
  const phase = (name: string): void => void phases.push({ name, from: steadyNow() });
  const canComeBack = (): void => {
    times.healed = steadyNow();
  };
  const scene = { arena, seats, begin, canComeBack, phase, handshakes: alone };
  const { notes = [], judge = () => [], late: tardy = [] } = (await fault.inject(scene)) ?? {};
  if (fault.isArrival === true) times.healed = times.injected;
  else if (times.healed === 0) canComeBack();
  if (fault.isArrival === true) await sit(fault, arena, seats);
  await settled(arena, seats.manager.length, fault.bounds.recovery * PATIENCE).catch((error: Error) =>
    wrong.push(error.message),
  );
  wrong.push(...(await arena.whileTheySit(seats.manager.length)));
  const history = await historyOf(arena);
  const { hello = HELLO_MS, oneSided = ONE_SIDED_MS } = fault.bounds;
  wrong.push(...judge(history));
  wrong.push(...check(history, { hello, oneSided }).map(({ kind, on, detail }) => `${kind}: ${on}: ${detail}`));
  const measured = measure(history, { ...times, toldTo: fault.toldTo ?? SIDES, patient: oursIn(seats) });
  wrong.push(...broken(fault, measured), ...(await arena.whenTheyHaveGone()));
  for (const part of arena.parts) wrong.push(...part.takeWrong());
  const late = [...tardy, ...lateIn(fault.bounds, measured, handshakes)];
  return { fault, measured, notes, wrong, late, ...(handshakes === undefined ? {} : { handshakes }) };
}

/** Milliseconds for the handshakes of all these peers at once, and nothing more. */
async function handshakesOf(fault: Played, arena: Stage, seats: Seats): Promise<number> {
  const began = steadyNow();
  await Promise.all(
    SIDES.map((side) =>
      arena.crowds[side].order({ t: 'knock', world: worldIn(arena, side, fault), seats: seats[side] }),
    ),
  );
  return steadyNow() - began;
}

function oursIn(seats: Seats): ReadonlySet<Seat> {
  const ours = SIDES.flatMap((side) => seats[side].filter(({ kind }) => kind === 'ours'));
  return new Set(ours.map(({ meetup, side }) => seatName(meetup, side)));
}

/** Pairs of all kinds: ours with ours, ours with deployed both ways, deployed with deployed. */
function seatsFor({ pairs = PAIRS, isOurs }: Played, arena: Stage): Readonly<Record<Side, readonly SeatPlan[]>> {
  const sit = (side: Side): SeatPlan[] =>
    Array.from({ length: pairs }, (_, at) => ({
      meetup: `sub/${at % 8 < 4 ? 'kept' : 'deniable'}/${at}`,
      side,
      kind: isOurs === true || (side === 'manager' ? at % 2 : (at >> 1) % 2) === 0 ? 'ours' : 'deployed',
      credential: at % arena.files.credentials[side].length,
      urls: arena.urls(side, at),
    }));
  return { manager: sit('manager'), gateway: sit('gateway') };
}

type Seats = ReturnType<typeof seatsFor>;

async function sit(fault: Played, arena: Stage, seats: Seats): Promise<void> {
  const { everyMs = EVERY_MS } = fault;
  await Promise.all(
    SIDES.map((side) =>
      arena.crowds[side].order({ t: 'begin', world: worldIn(arena, side, fault), seats: seats[side], everyMs }),
    ),
  );
}

async function gather(fault: Played, arena: Stage, seats: Seats, mostMs: number): Promise<void> {
  await sit(fault, arena, seats);
  await paired(arena, seats.manager.length, AbortSignal.timeout(mostMs)).catch((error: Error) => {
    throw new Error(`not all of them met within ${mostMs / 1000} s, before the fault: ${error.message}`);
  });
}

/** Resolves when every pair has sent and got a last event and no call waits. */
async function settled(arena: Stage, pairs: number, mostMs: number): Promise<void> {
  const signal = AbortSignal.timeout(mostMs);
  try {
    await paired(arena, pairs, signal);
    await Promise.all(SIDES.map((side) => arena.crowds[side].order({ t: 'settle' })));
    await Promise.all(SIDES.map((side) => arena.crowds[side].until((status) => status.settled === pairs, signal)));
  } catch (error) {
    if (!signal.aborted) throw error;
    const told = SIDES.map((side) => `${side}s ${JSON.stringify(arena.crowds[side].status)}`);
    throw new Error(`not all of ${pairs} pairs were back within ${mostMs / 1000} s: ${told.join(', ')}`);
  }
}

async function historyOf(arena: Stage): Promise<History> {
  const all = await Promise.all(SIDES.map((side) => arena.crowds[side].save(arena.files.path(`history.${side}.json`))));
  // Only when both are saved: the peers of a crowd that leaves first would be gone in the history of the other.
  await Promise.all(SIDES.map((side) => arena.crowds[side].order({ t: 'leave' })));
  return { entries: all.flatMap(({ entries }) => entries), end: Math.min(...all.map(({ end }) => end)) };
}

/** What peers saw, or did not see, against the row of the table. */
function broken({ allowed, expected = [], bounds }: Played, { seen, calls }: Measured): string[] {
  const wrong = Object.entries(seen)
    .filter(([word]) => !allowed.some((one) => one.test(word)))
    .map(([word, count]) => `peers saw what this fault must not do: ${word} (${count} times)`);
  const missed = expected.filter((one) => !Object.keys(seen).some((word) => one.test(word)));
  wrong.push(...missed.map((one) => `no peer saw ${one}: the fault was none`));
  if (bounds.callsEnded !== undefined && calls.ended > bounds.callsEnded) {
    wrong.push(`${calls.ended} calls got no answer; the bound is ${bounds.callsEnded}`);
  }
  if (bounds.callsEndedOfOurs !== undefined && calls.endedOfPatient > bounds.callsEndedOfOurs) {
    wrong.push(`${calls.endedOfPatient} calls of our peers got no answer; the bound is ${bounds.callsEndedOfOurs}`);
  }
  return wrong;
}

function lateIn(bounds: Fault['bounds'], { told, calls, recovery }: Measured, handshakes = 0): string[] {
  const late = slowed(bounds, calls);
  if (recovery.worst > bounds.recovery) {
    late.push(`a pair was back after ${Math.round(recovery.worst)} ms; the bound is ${bounds.recovery}`);
  }
  if (bounds.told !== undefined && told.worst > bounds.told) {
    late.push(`a peer was told after ${Math.round(told.worst)} ms; the bound is ${bounds.told}`);
  }
  if (bounds.ofHandshakes !== undefined && recovery.worst > bounds.ofHandshakes * handshakes) {
    const times = `${Math.round(recovery.worst)} ms, their handshakes alone ${Math.round(handshakes)} ms`;
    late.push(`the last pair came after ${times}; the bound is ${bounds.ofHandshakes} times that`);
  }
  return late;
}

function slowed({ slowed: bound }: Fault['bounds'], { p99 }: Measured['calls']): string[] {
  if (bound === undefined) return [];
  const [here = Infinity, there = 0] = [p99.phases[bound.phase], p99.phases[bound.beside]];
  if (here <= Math.max(bound.times * there, bound.orMs)) return [];
  const words = `${here.toFixed(1)} ms ${bound.phase}, ${there.toFixed(1)} ms ${bound.beside}`;
  return [`99 of 100 calls took up to ${words}; the bound is ${bound.times} times that, or ${bound.orMs} ms`];
}
