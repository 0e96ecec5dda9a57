import { type MadeCall, madeCalls } from './calls.js';
import type { History, Seat, Side } from './history.js';
import { connectionsOf, type ToldConnection } from './told-connection.js';

/** Milliseconds: the middle and the greatest of some. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly worst: number;
}

/** What a fault did to the peers. */
export interface Measured {
  /** How often each end and each refusal was seen, by its words. */
  readonly seen: Readonly<Record<string, number>>;
  /** From the moment that all parts ran again to the pair's next session, for pairs that lost theirs. */
  readonly recovery: Spread;
  /** From the fault to the end of a connection that was there before. */
  readonly told: Spread;
  readonly calls: MeasuredCalls;
  readonly messages: number;
  readonly pairs: number;
}

/** How far before a fault calls count as those before it, milliseconds: the first ones of all are slow wherever they are made. */
const BEFORE_MS = 2_000;

/** The calls of all peers. Times in milliseconds. */
export interface MeasuredCalls {
  readonly made: number;
  /** Those that got no answer as their connection ended. */
  readonly ended: number;
  /** How many of them a peer had made that makes a call again which nobody got. */
  readonly endedOfPatient: number;
  /** The longest wait for an answer. */
  readonly longest: number;
  /** The wait that 99 of 100 calls had at most: of those that were made before the fault, and of those made in each phase of it. */
  readonly p99: { readonly before: number; readonly phases: Readonly<Record<string, number>> };
}

/** When a fault began, and when everything ran again as before, on the steady clock. */
export interface FaultTimes {
  readonly injected: number;
  readonly healed: number;
  /** The phases that it names, each of which lasts until the next begins. */
  readonly phases: readonly { readonly name: string; readonly from: number }[];
}

export interface MeasurePlan extends FaultTimes {
  /** Whose connections count for the time until it is told: the side that the fault does not touch, or both. */
  readonly toldTo: readonly Side[];
  /** Whose calls are made again where nobody got them. */
  readonly patient: ReadonlySet<Seat>;
}

export function measure(history: History, plan: MeasurePlan): Measured {
  const all = [...connectionsOf(history).values()];
  const recoveries = recoveriesOf(all, plan);
  return {
    seen: seenIn(history, plan),
    recovery: spread(recoveries),
    told: spread(toldTimes(all, plan)),
    calls: callsOf(madeCalls(all), plan),
    messages: all.reduce((sum, { received }) => sum + received.length, 0),
    pairs: new Set(all.map(({ meetup }) => meetup)).size,
  };
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { count: sorted.length, median: at(0.5), worst: at(1) };
}

/** The word for an end or a refusal that a peer saw. Times and counts that are named in it differ from peer to peer. */
function wordOf(entry: Extract<History['entries'][number], { readonly t: 'closed' | 'refused' }>): string {
  if (entry.t === 'refused') return `refused: ${entry.why}`;
  if (entry.by === 'peer') return 'ended by the peer itself';
  const reason = entry.reason.replace(/\b(retry in|messages taken:) \d+/g, '$1 N');
  if (entry.code === 1006) return '1006, no close frame';
  return `${entry.code}${reason === '' ? '' : ` ${reason}`}`;
}

function seenIn({ entries }: History, { injected }: FaultTimes): Record<string, number> {
  const seen: Record<string, number> = {};
  for (const entry of entries) {
    if (entry.t !== 'closed' && entry.t !== 'refused') continue;
    // What a slow start made of the first dials is no matter of the fault.
    if (entry.at < injected) continue;
    const word = wordOf(entry);
    seen[word] = (seen[word] ?? 0) + 1;
  }
  return seen;
}

/** The time of each meetup's last session: when the second of the two had the other's HELLO. */
function recoveriesOf(all: readonly ToldConnection[], { injected, healed }: FaultTimes): number[] {
  const byName = new Map(all.map((one) => [one.on, one]));
  const last = new Map<string, number>();
  for (const one of all) {
    const other = byName.get(one.partner ?? '');
    if (one.hello === undefined || other?.hello === undefined) continue;
    const met = Math.max(one.hello.at, other.hello.at);
    last.set(one.meetup, Math.max(met, last.get(one.meetup) ?? 0));
  }
  return [...last.values()].filter((met) => met > injected).map((met) => Math.max(0, met - healed));
}

function toldTimes(all: readonly ToldConnection[], { injected, toldTo }: MeasurePlan): number[] {
  return all
    .filter(({ seat }) => toldTo.some((side) => seat.endsWith(`|${side}`)))
    .filter(({ openedAt }) => openedAt < injected)
    .flatMap(({ closed }) => (closed !== undefined && closed.at >= injected ? [closed.at - injected] : []));
}

function callsOf(calls: readonly MadeCall[], { injected, healed, phases, patient }: MeasurePlan): MeasuredCalls {
  const ended = calls.filter(({ wait }) => wait === undefined);
  const waitsBetween = (from: number, to: number): number[] =>
    calls.flatMap(({ at, wait }) => (at >= from && at < to && wait !== undefined ? [wait] : []));
  return {
    made: calls.length,
    ended: ended.length,
    endedOfPatient: ended.filter(({ seat }) => patient.has(seat)).length,
    longest: calls.reduce((longest, { wait = 0 }) => Math.max(longest, wait), 0),
    p99: {
      before: p99(waitsBetween(injected - BEFORE_MS, injected)),
      phases: Object.fromEntries(
        phases.map(({ name, from }, at) => [name, p99(waitsBetween(from, phases[at + 1]?.from ?? healed))]),
      ),
    },
  };
}

/** The greatest of the least 99 of 100; 0 where there are none. */
export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
}
