import { type BackoffBounds, backoff } from './backoff.js';
import type { Greeting } from './greeting.js';
import type { Setback } from './setback.js';

/** The states of a peer. `failures` counts the failures in a row. */
export type State =
  /** The peer dials: name, TCP, TLS, upgrade. */
  | { readonly kind: 'connecting'; readonly failures: number }
  /** The HELLO is sent; the other peer is not there yet. Nothing else may be sent. */
  | { readonly kind: 'waiting'; readonly failures: number; readonly since: number }
  /** The other peer's HELLO came: messages flow. */
  | { readonly kind: 'paired'; readonly failures: number; readonly since: number; readonly other: Greeting }
  /** Not connected; dials again after `delay` milliseconds. */
  | { readonly kind: 'backing_off'; readonly failures: number; readonly delay: number; readonly why: Setback }
  /** Ended for good, and only because the owner said so. */
  | { readonly kind: 'stopped' };

/** The events that move a peer. */
export type Move =
  | { readonly kind: 'opened' }
  | { readonly kind: 'greeted'; readonly other: Greeting }
  | { readonly kind: 'lost'; readonly why: Setback }
  | { readonly kind: 'waited' }
  | { readonly kind: 'stop' };

/** The facts that a move may look at. */
export interface Circumstances {
  /** Steady time, in milliseconds. */
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: number;
  readonly backoff: BackoffBounds;
  /** A connection that held for this long, in milliseconds, makes up for the failures before it. */
  readonly stable: number;
}

/**
 * Milliseconds after which a connection counts as good: shorter ones that fail again and again must back off. Connections that last just so
 * long are dialled no more often than dials that fail, whose pauses end at `BackoffBounds.cap`, half of that on average.
 */
export const STABLE_MS = 5_000;

export const initial: State = { kind: 'connecting', failures: 0 };

/**
 * The one function that moves a peer; a move that does not fit the state leaves it. Only `stop` leads to `stopped`, and no
 * state but `stopped` is without a way on.
 */
export function move(state: State, by: Move, at: Circumstances): State {
  if (state.kind === 'stopped') return state;
  switch (by.kind) {
    case 'stop':
      return { kind: 'stopped' };
    case 'opened':
      return state.kind === 'connecting' ? { kind: 'waiting', failures: state.failures, since: at.now } : state;
    case 'greeted':
      return state.kind === 'waiting' ? { ...state, kind: 'paired', since: at.now, other: by.other } : state;
    case 'lost':
      return state.kind === 'backing_off' ? state : lost(state, by.why, at);
    case 'waited':
      return state.kind === 'backing_off' ? { kind: 'connecting', failures: state.failures } : state;
  }
}

type ConnectedState = Exclude<State, { readonly kind: 'backing_off' | 'stopped' }>;

function lost(state: ConnectedState, why: Setback, at: Circumstances): State {
  // A proxy that asks its peers to come later has too much to do: there it takes twice as long.
  const enough = why.retry === 'now' ? at.stable : 2 * at.stable;
  const held = state.kind !== 'connecting' && at.now - state.since >= enough;
  const failures = held ? 1 : state.failures + 1;
  return { kind: 'backing_off', failures, delay: backoff(why, failures, at.random, at.backoff), why };
}
