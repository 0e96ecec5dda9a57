import type { History } from '../../judge/history.js';
import type { Fault, Scene } from '../../table/fault.js';
import type { FleetArena } from '../arena/fleet-arena.js';
import type { FleetPlan, ReplicaName } from '../arena/fleet-plan.js';
import type { ListedSession } from '../arena/operator.js';

/** A fault that is done to a fleet. */
export type FleetFault = Fault<FleetArena, FleetPlan>;
export type FleetScene = Scene<FleetArena>;

/** The replica that faults are done to. */
export const VICTIM: ReplicaName = 'r2';

/** Milliseconds within which all pairs are back after a part was killed, without it. */
export const BACK_MS = 10_000;

/** The sessions that a replica serves. It must serve some, and peers of others must have come through it, or the fault is none. */
export async function touchedBy({ arena }: FleetScene, name: ReplicaName): Promise<readonly ListedSession[]> {
  const sessions = await arena.watch.wholeList(arena.edge('a').ports.control);
  const served = sessions.filter(({ replica }) => replica === name);
  const isPassed = sessions.some(({ peers }) => peers.some(({ via = '' }) => via.startsWith(`${name}-`)));
  if (served.length > 0 && isPassed) return served;
  const told = sessions.map(({ meetupId, replica, peers }) => [meetupId, replica, ...peers.map(({ via }) => via)]);
  throw new Error(
    `${name} serves ${served.length}, and nobody came through it: the fault is none: ${JSON.stringify(told)}`,
  );
}

/**
 * What the peers of these meetups got from some moment on, and until another, on connections that were there before: each a line. `sent`:
 * only what was sent from that moment on counts, because who had read the rest by then may still pass it on.
 */
export function relayedAfter(
  { entries }: History,
  meetups: ReadonlySet<string>,
  times: { readonly before: number; readonly after: number; readonly until?: number; readonly sent?: number },
): string[] {
  const { until = Number.POSITIVE_INFINITY, sent = Number.NEGATIVE_INFINITY } = times;
  const early = new Set(
    entries.flatMap((entry) => (entry.t === 'sent' && entry.at < sent ? [`${entry.on} ${entry.message.id}`] : [])),
  );
  const old = new Set(entries.flatMap((entry) => (entry.t === 'opened' && entry.at < times.before ? [entry.on] : [])));
  return entries.flatMap((entry) => {
    if (entry.t !== 'received' || entry.at < times.after || entry.at > until || !old.has(entry.on)) return [];
    if (early.has(`${entry.message.from} ${entry.message.id}`)) return [];
    const meetup = entry.on.slice(0, entry.on.lastIndexOf('|'));
    return meetups.has(meetup)
      ? [`${entry.on} got ${entry.message.kind} ${entry.message.id} of a pair that had lost its meetup`]
      : [];
  });
}
