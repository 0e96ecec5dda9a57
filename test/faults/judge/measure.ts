import type { History, Side } from './history.js';
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
  /** Calls: how many were made, how many got no answer as their connection ended, and the longest wait for an answer. */
  readonly calls: { readonly made: number; readonly ended: number; readonly longest: number };
  readonly messages: number;
  readonly pairs: number;
}

/** When a fault began, and when everything ran again as before, on the steady clock. */
export interface FaultTimes {
  readonly injected: number;
  readonly healed: number;
}

export interface MeasurePlan extends FaultTimes {
  /** Whose connections count for the time until it is told: the side that the fault does not touch, or both. */
  readonly toldTo: readonly Side[];
}

export function measure(history: History, plan: MeasurePlan): Measured {
  const all = [...connectionsOf(history).values()];
  const recoveries = recoveriesOf(all, plan);
  return {
    seen: seenIn(history, plan),
    recovery: spread(recoveries),
    told: spread(toldTimes(all, plan)),
    calls: callsOf(all),
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

function callsOf(all: readonly ToldConnection[]): Measured['calls'] {
  let made = 0;
  let ended = 0;
  let longest = 0;
  for (const { sent, received } of all) {
    const answered = new Map(received.map(({ answers, at }) => [answers, at]));
    for (const { kind, id, at } of sent.values()) {
      if (kind !== 'request') continue;
      made += 1;
      const answer = answered.get(id);
      if (answer === undefined) ended += 1;
      else longest = Math.max(longest, answer - at);
    }
  }
  return { made, ended, longest };
}
