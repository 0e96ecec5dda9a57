import { setTimeout as delay } from 'node:timers/promises';
import { get, waitFor } from '../../dev/wait.js';
import type { Arena } from './arena/arena.js';
import { CERTIFICATES } from './arena/arena-files.js';
import { check } from './judge/checker.js';
import { type History, SIDES, type Side, steadyNow } from './judge/history.js';
import { type Measured, measure } from './judge/measure.js';
import type { SeatPlan } from './peers/seat.js';
import type { Fault } from './table/fault.js';

/** How a fault went. */
export interface SceneResult {
  readonly fault: Fault;
  readonly measured: Measured;
  /** What must not be: each a line. */
  readonly wrong: readonly string[];
}

const PAIRS = 16;
const EVERY_MS = 150;
const REDIAL_MS = 2_000;
const PADDING_CHARS = 4_000;
/** Longest time that a peer takes for an answer: some calls are in flight at every moment. */
const ANSWER_MS = 20;
/** Milliseconds until all are paired before a fault. */
const START_MS = 60_000;
/** Milliseconds of load before a fault. */
const WARM_MS = 500;
const ONE_SIDED_MS = 25_000;
const HELLO_MS = 5_000;
/** Milliseconds until the service counts no connection any more. */
const GONE_MS = 30_000;

/** Plays one fault: peers meet and talk, it happens, they come back, all settles; then what they saw is judged. */
export async function play(fault: Fault, arena: Arena): Promise<SceneResult> {
  const seats = seatsFor(fault);
  const wrong: string[] = [];
  const times = { injected: 0, healed: 0 };
  if (fault.isArrival !== true) {
    await gather(fault, arena, seats, Math.max(START_MS, fault.bounds.recovery));
    await delay(WARM_MS);
  }
  const begin = (): void => {
    times.injected = steadyNow();
  };
  await fault.inject({ arena, seats, begin });
  times.healed = fault.isArrival === true ? times.injected : steadyNow();
  if (fault.isArrival === true) await sit(fault, arena, seats);
  await settled(arena, seats.manager.length, fault.bounds.recovery).catch((error: Error) => wrong.push(error.message));
  const history = await historyOf(arena);
  const { hello = HELLO_MS, oneSided = ONE_SIDED_MS } = fault.bounds;
  wrong.push(...check(history, { hello, oneSided }).map(({ kind, on, detail }) => `${kind}: ${on}: ${detail}`));
  const measured = measure(history, { ...times, toldTo: fault.toldTo ?? SIDES });
  wrong.push(...broken(fault, measured), ...(await left(fault, arena)));
  for (const part of [arena.service, arena.envoy]) wrong.push(...part.takeWrong());
  return { fault, measured, wrong };
}

/** Pairs of all kinds: ours with ours, ours with deployed both ways, deployed with deployed. */
function seatsFor({ pairs = PAIRS }: Fault): Readonly<Record<Side, readonly SeatPlan[]>> {
  const sit = (side: Side): SeatPlan[] =>
    Array.from({ length: pairs }, (_, at) => ({
      meetup: `sub/${at % 8 < 4 ? 'kept' : 'deniable'}/${at}`,
      side,
      kind: (side === 'manager' ? at % 2 : (at >> 1) % 2) === 0 ? 'ours' : 'deployed',
      credential: at % CERTIFICATES,
    }));
  return { manager: sit('manager'), gateway: sit('gateway') };
}

type Seats = ReturnType<typeof seatsFor>;

async function sit(fault: Fault, arena: Arena, seats: Seats): Promise<void> {
  const { redialMs = REDIAL_MS, paddingChars = PADDING_CHARS, everyMs = EVERY_MS } = fault;
  await Promise.all(
    SIDES.map((side) => {
      const credentials = arena.files.credentials[side].map(({ certificate, key }) => ({ certificate, key }));
      const ca = arena.files.authority.certificate;
      const speed = { redialMs, answerMs: ANSWER_MS, paddingChars };
      const world = { url: arena.url(side), servername: 'localhost', ca, credentials, ...speed };
      return arena.crowds[side].order({ t: 'begin', world, seats: seats[side], everyMs });
    }),
  );
}

async function gather(fault: Fault, arena: Arena, seats: Seats, mostMs: number): Promise<void> {
  await sit(fault, arena, seats);
  await paired(arena, seats.manager.length, mostMs).catch((error: Error) => {
    throw new Error(`not all of them met within ${mostMs / 1000} s, before the fault: ${error.message}`);
  });
}

function paired(arena: Arena, pairs: number, mostMs: number): Promise<unknown> {
  const signal = AbortSignal.timeout(mostMs);
  return Promise.all(SIDES.map((side) => arena.crowds[side].until((status) => status.paired === pairs, signal)));
}

/** Resolves when every pair has sent and got a last event and no call waits. */
async function settled(arena: Arena, pairs: number, mostMs: number): Promise<void> {
  const signal = AbortSignal.timeout(mostMs);
  try {
    await Promise.all(SIDES.map((side) => arena.crowds[side].until(({ paired }) => paired === pairs, signal)));
    await Promise.all(SIDES.map((side) => arena.crowds[side].order({ t: 'settle' })));
    await Promise.all(SIDES.map((side) => arena.crowds[side].until((status) => status.settled === pairs, signal)));
  } catch (error) {
    if (!signal.aborted) throw error;
    const told = SIDES.map((side) => `${side}s ${JSON.stringify(arena.crowds[side].status)}`);
    throw new Error(`not all of ${pairs} pairs were back within ${mostMs / 1000} s: ${told.join(', ')}`);
  }
}

async function historyOf(arena: Arena): Promise<History> {
  const all = await Promise.all(SIDES.map((side) => arena.crowds[side].save(arena.files.path(`history.${side}.json`))));
  // Only when both are saved: the peers of a crowd that leaves first would be gone in the history of the other.
  await Promise.all(SIDES.map((side) => arena.crowds[side].order({ t: 'leave' })));
  return { entries: all.flatMap(({ entries }) => entries), end: Math.min(...all.map(({ end }) => end)) };
}

/** What the row of the table does not allow. */
function broken({ allowed, expected = [], bounds }: Fault, { seen, told, calls }: Measured): string[] {
  const wrong = Object.entries(seen)
    .filter(([word]) => !allowed.some((one) => one.test(word)))
    .map(([word, count]) => `peers saw what this fault must not do: ${word} (${count} times)`);
  const missed = expected.filter((one) => !Object.keys(seen).some((word) => one.test(word)));
  wrong.push(...missed.map((one) => `no peer saw ${one}: the fault was none`));
  if (bounds.told !== undefined && told.worst > bounds.told) {
    wrong.push(`a peer was told after ${Math.round(told.worst)} ms; the bound is ${bounds.told}`);
  }
  if (bounds.callsEnded !== undefined && calls.ended > bounds.callsEnded) {
    wrong.push(`${calls.ended} calls got no answer; the bound is ${bounds.callsEnded}`);
  }
  return wrong;
}

/** Everybody has gone: the service must hold nothing of them. */
async function left({ arena: plan }: Fault, { ports }: Arena): Promise<string[]> {
  if (plan?.hasCable === true) return [];
  const none = async (): Promise<true | undefined> => {
    const page = await get(`http://127.0.0.1:${ports.metrics}/metrics`);
    const held = [
      ...(page ?? 'ws_proxy_connections{} 1').matchAll(/^ws_proxy_(?:connections|sessions)\{[^}]*\} (\d+)/gm),
    ];
    return held.length > 0 && held.every(([, count]) => count === '0') ? true : undefined;
  };
  return waitFor(
    'the service still counts connections of peers that have gone',
    GONE_MS,
    new AbortController().signal,
    none,
  ).then(
    () => [],
    (error: Error) => [error.message],
  );
}
