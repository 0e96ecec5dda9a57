import type { Arena } from '../arena/arena.js';
import type { ArenaPlan } from '../arena/arena-plan.js';
import type { History, Side } from '../judge/history.js';
import type { CrowdProcess } from '../peers/crowd-process.js';
import type { SeatPlan } from '../peers/seat.js';
import type { Stage } from '../stage.js';

/** What a fault has to work with. */
export interface Scene<S extends Stage = Arena> {
  readonly arena: S;
  /** The peers, by side; the same place on both is a pair. */
  readonly seats: Readonly<Record<Side, readonly SeatPlan[]>>;
  /** Says that the fault begins now. */
  begin(): void;
  /** Says that peers can come back from now on, where not all has to run for that as before. */
  canComeBack(): void;
  /** Says that a phase of it begins now, of which the waits of calls are told by themselves. */
  phase(name: string): void;
  /** Milliseconds for the handshakes of all peers at once and nothing more, measured now: what this machine makes of them at present. */
  handshakes(): Promise<number>;
}

/** Times of a fault in milliseconds, and what else it may do at most. */
export interface FaultBounds {
  /** From the moment that all parts run again, or the fault said that peers can come back, until the last pair is back and its messages flow. */
  readonly recovery: number;
  /** From the fault until the last connection that it ends has ended, for the peers of {@link Fault.toldTo}. */
  readonly told?: number;
  /** Calls that get no answer. Left out where a fault may end any. */
  readonly callsEnded?: number;
  /** The same of those of our own peers, who make a call again that nobody got. */
  readonly callsEndedOfOurs?: number;
  /** How many times as long calls may take in one phase as in another, at the 99th percentile; up to `orMs` milliseconds in any case. */
  readonly slowed?: { readonly phase: string; readonly beside: string; readonly times: number; readonly orMs: number };
  /** How many times as long as their handshakes alone it may take until all peers of a storm are paired. */
  readonly ofHandshakes?: number;
  /** For how long one connection of a session may live on without the other; see the checker. */
  readonly oneSided?: number;
  /** For how long two peers who said HELLO may go without each other's; see the checker. */
  readonly hello?: number;
}

/** What a fault found out while it was done. */
export interface Aftermath {
  /** For people: each a few words. */
  readonly notes?: readonly string[];
  /** What must not be in what peers saw, besides what no fault may do: each a line. */
  readonly judge?: (history: History) => readonly string[];
  /** Times above their bounds: each a line. The fault is then played once more. */
  readonly late?: readonly string[];
}

/** A row of the table of faults. */
export interface Fault<S extends Stage = Arena, P = ArenaPlan> {
  /** What happens, in the words of the document. Unique. */
  readonly name: string;
  /** `short`: a part of `npm test`; `long`: of `npm run verify`. `npm run test:faults` has both. */
  readonly form: 'short' | 'long';
  /** Does the fault, calls `begin`, and resolves when all runs as before again, with what there is to say of it. */
  readonly inject: (scene: Scene<S>) => Promise<Aftermath> | Promise<void>;
  /** What peers may see, each of the words of `measure.ts` by one of these; empty: nothing at all. */
  readonly allowed: readonly RegExp[];
  /** What some peer must see, or the fault was none. */
  readonly expected?: readonly RegExp[];
  readonly bounds: FaultBounds;
  /** Who counts for the time until it is told. Both sides when left out. */
  readonly toldTo?: readonly Side[];
  readonly pairs?: number;
  /** All peers are those of our library; half of them when left out. */
  readonly isOurs?: true;
  /** Milliseconds between two messages of a peer, of which it sends a call and an event each time; 0: none. */
  readonly everyMs?: number;
  /** The wait of deployed peers before they dial again, milliseconds. */
  readonly redialMs?: number;
  /** Most characters of padding. */
  readonly paddingChars?: number;
  /** Longest time that a peer takes for an answer, milliseconds; each answer takes a random part of it. */
  readonly answerMs?: number;
  /** Milliseconds of load before it happens. */
  readonly warmMs?: number;
  /** Where the arena is not the usual one, which faults share. */
  readonly arena?: P;
  /** It needs the whole machine. */
  readonly isAlone?: true;
  /** The peers dial only as the fault begins: the fault is that they come. */
  readonly isArrival?: true;
  /** Why it cannot be done here, where it can't. */
  readonly unable?: () => string | undefined;
}

/** Milliseconds within which a fault must be felt. */
export const FELT_MS = 10_000;
/** How many times as long as their bound peers are waited for, so that their time is known. */
export const PATIENCE = 3;

/** Resolves when a peer of that crowd has lost its connection since now. */
export function feltBy(crowd: CrowdProcess): Promise<void> {
  const before = crowd.status.losses;
  const late = AbortSignal.timeout(FELT_MS);
  return crowd
    .until(({ losses }) => losses > before, late)
    .catch(() => {
      throw new Error(`no peer felt the fault within ${FELT_MS / 1000} s`);
    });
}
