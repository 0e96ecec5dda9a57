import type { Role } from '../../policy/rules/decision.js';
import { type Counters, zeroCounters } from '../life/counters.js';
import { HOLD_REASONS, type HoldReason, type Peer } from '../life/peer.js';
import type { Session } from '../life/session.js';

/** The numbers of live connections and sessions. */
export interface PresentCounts {
  /** Connections that have not ended, at any stage. */
  readonly connections: number;
  /** Connections that owe their HELLO. */
  readonly greeting: number;
  /** Sessions with one peer. */
  readonly waiting: number;
  /** Sessions whose pair is complete. */
  readonly paired: number;
}

/** The memory that all live connections hold, and the traffic that they have moved, at one moment. */
export interface Load {
  /** Connections by stage. */
  readonly standing: Readonly<Record<'greeting' | 'waiting' | 'paired', number>>;
  /** Connections that are not read at the moment, by reason. */
  readonly held: Readonly<Record<HoldReason, number>>;
  /** Bytes that wait for all connections, and for the connection with the largest backlog. */
  readonly backlog: number;
  readonly largestBacklog: number;
  /** The traffic of the live connections so far. */
  readonly moved: Readonly<Counters>;
}

/** Gives the numbers of connections and sessions and their load, in figures alone. */
export interface LoadSource {
  readonly counts: PresentCounts;
  load(): Load;
  /** Sessions whose first peer has waited for the second for longer than `ALONE_AFTER`, by its role. `now`: wall clock, milliseconds. */
  alone(now: number): Readonly<Record<Role, number>>;
}

/** Time from which a peer counts as alone that waits for the other, milliseconds: one that restarts is back before. */
export const ALONE_AFTER = 60_000;

/** Counts those who wait alone. */
export function aloneIn(sessions: Iterable<Session>, now: number): Record<Role, number> {
  const alone = { manager: 0, gateway: 0, any: 0 };
  for (const { state, createdAt } of sessions) {
    if (state.t === 'waiting' && now - createdAt > ALONE_AFTER) alone[state.first.admission.role] += 1;
  }
  return alone;
}

/** Adds up live peers without making a view of any. */
export function loadOf(peers: Iterable<Peer>): Load {
  const standing = { greeting: 0, waiting: 0, paired: 0 };
  const moved = zeroCounters();
  const held = { backlog: 0, rate: 0, drain: 0, standstill: 0 };
  let [backlog, largestBacklog] = [0, 0];
  for (const peer of peers) {
    addTo(moved, peer.counters);
    for (const reason of HOLD_REASONS) if (peer.heldFor(reason)) held[reason] += 1;
    const waits = peer.socket.backlog;
    backlog += waits;
    largestBacklog = Math.max(largestBacklog, waits);
    standing[standingOf(peer)] += 1;
  }
  return { standing, held, backlog, largestBacklog, moved };
}

/** Adds the traffic of one connection to a sum. */
export function addTo(sum: Counters, { messagesIn, bytesIn, messagesOut, bytesOut }: Readonly<Counters>): void {
  sum.messagesIn += messagesIn;
  sum.bytesIn += bytesIn;
  sum.messagesOut += messagesOut;
  sum.bytesOut += bytesOut;
}

function standingOf({ session }: Peer): keyof Load['standing'] {
  if (session === undefined) return 'greeting';
  return session.state.t === 'waiting' ? 'waiting' : 'paired';
}
