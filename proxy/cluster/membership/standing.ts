/**
 * How a replica stands to the fleet.
 * - `starting`: the store has not yet acknowledged its first record.
 * - `attached`: it has renewed in time, and the store has each of its claims. Only now pairs are made and free meetups taken.
 * - `quarantine`: the same, but the store has lost data: no free meetup is taken until others have had the time to claim theirs anew.
 * - `detached`: others may think it dead. Pairs go on, nobody is paired, and nothing is taken.
 * - `stopped`: it has left the fleet.
 */
export type Standing =
  | { readonly t: 'starting' }
  | { readonly t: 'attached'; readonly since: number }
  | { readonly t: 'quarantine'; readonly since: number; readonly until: number }
  | { readonly t: 'detached'; readonly since: number; readonly cause: Cause; readonly quarantine: number }
  | { readonly t: 'stopped' };

/**
 * Why a replica is detached: the connection to the store broke, renewals went unanswered too long, the process was stopped, others declared it
 * dead, or the store lost its record.
 */
export type Cause = 'disconnected' | 'overdue' | 'woken' | 'declared_dead' | 'store_lost';

export type Turn =
  | { readonly t: 'detach'; readonly cause: Cause }
  /** The store has lost data: no free meetup is taken until that time. */
  | { readonly t: 'lost'; readonly until: number }
  /** A renewal sent after the last detaching was acknowledged, and every claim is asserted. */
  | { readonly t: 'attach' }
  | { readonly t: 'look' }
  | { readonly t: 'stop' };

/** The one function that moves a replica's standing. `now` is the steady clock, milliseconds. */
export function moved(from: Standing, turn: Turn, now: number): Standing {
  if (from.t === 'stopped') return from;
  switch (turn.t) {
    case 'stop':
      return { t: 'stopped' };
    case 'detach':
      return from.t === 'starting' ? from : detached(from, turn.cause, now);
    case 'lost':
      return { ...detached(from, 'store_lost', now), quarantine: turn.until };
    case 'attach':
      return from.t === 'starting' || from.t === 'detached' ? attached(quarantineOf(from), now) : from;
    case 'look':
      return from.t === 'quarantine' && now >= from.until ? { t: 'attached', since: from.since } : from;
  }
}

/** Until when no free meetup is taken, steady clock; 0: there is no such time. */
function quarantineOf(from: Standing): number {
  if (from.t === 'quarantine') return from.until;
  return from.t === 'detached' ? from.quarantine : 0;
}

/** One that is detached already stays so: its first cause is told. */
function detached(from: Standing, cause: Cause, now: number): Standing & { readonly t: 'detached' } {
  return from.t === 'detached' ? from : { t: 'detached', since: now, cause, quarantine: quarantineOf(from) };
}

function attached(quarantine: number, now: number): Standing {
  return quarantine > now ? { t: 'quarantine', since: now, until: quarantine } : { t: 'attached', since: now };
}
