import type { Setback } from '../setback.js';

/** The states of a meetup at a bridge for many. `since` is the time of the clock when it came into the state, in milliseconds. */
export type MeetupState =
  /** It is dialled, or the other peer is awaited for the first time: calls wait. */
  | { readonly kind: 'opening'; readonly since: number; readonly calls: number }
  /** There are calls, one at least. */
  | { readonly kind: 'open'; readonly since: number; readonly calls: number }
  /** It is connected, or dials again when it was, and nobody calls. */
  | { readonly kind: 'idle'; readonly since: number }
  /** The connection closes. Calls that come meanwhile wait; where there are some it is opened again. */
  | { readonly kind: 'closing'; readonly since: number; readonly calls: number }
  /** The proxy does not want this bridge there, and says so. It is not dialled; calls are told at once, for a time. */
  | { readonly kind: 'refused'; readonly since: number; readonly why: Setback }
  /** Forgotten. The next call makes it anew. */
  | { readonly kind: 'gone' };

/** The events that move a meetup. */
export type MeetupMove =
  | { readonly kind: 'called' }
  | { readonly kind: 'ended' }
  /** The other peer is there. */
  | { readonly kind: 'paired' }
  /** Its time to come is over. */
  | { readonly kind: 'late' }
  | { readonly kind: 'refused'; readonly why: Setback }
  /** The time of the state is over. */
  | { readonly kind: 'expired' }
  /** The connection is closed. */
  | { readonly kind: 'closed' }
  /** The bridge stops: nothing is opened again. */
  | { readonly kind: 'stop' };

/** The one function that moves a meetup; a move that does not fit the state leaves it. Only `refused` and `gone` have no connection. */
export function moveMeetup(state: MeetupState, by: MeetupMove, now: number): MeetupState {
  switch (by.kind) {
    case 'called':
      return called(state, now);
    case 'ended':
      return ended(state, now);
    case 'paired':
    case 'late':
      return state.kind === 'opening' ? inUse(state.calls, now) : state;
    case 'refused':
      return isConnected(state) ? { kind: 'refused', since: now, why: by.why } : state;
    case 'expired':
      return expired(state, now);
    case 'closed':
      return state.kind === 'closing' ? closed(state.calls, now) : state;
    case 'stop':
      return state.kind === 'closing' || isConnected(state)
        ? { kind: 'closing', since: now, calls: 0 }
        : { kind: 'gone' };
  }
}

function called(state: MeetupState, now: number): MeetupState {
  if (state.kind === 'idle') return inUse(1, now);
  return 'calls' in state ? { ...state, calls: state.calls + 1 } : state;
}

function ended(state: MeetupState, now: number): MeetupState {
  if (!('calls' in state)) return state;
  // Where the bridge stops, calls end that are counted no more.
  const calls = Math.max(0, state.calls - 1);
  return state.kind === 'open' && calls === 0 ? inUse(0, now) : { ...state, calls };
}

function inUse(calls: number, now: number): MeetupState {
  return calls > 0 ? { kind: 'open', since: now, calls } : { kind: 'idle', since: now };
}

function expired(state: MeetupState, now: number): MeetupState {
  if (state.kind === 'idle') return { kind: 'closing', since: now, calls: 0 };
  return state.kind === 'refused' ? { kind: 'gone' } : state;
}

function closed(calls: number, now: number): MeetupState {
  return calls > 0 ? { kind: 'opening', since: now, calls } : { kind: 'gone' };
}

function isConnected({ kind }: MeetupState): boolean {
  return kind === 'opening' || kind === 'open' || kind === 'idle';
}
