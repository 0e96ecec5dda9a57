import type { Clock } from '../../ports/clock.js';
import type { Ending } from '../../wire/close.js';
import type { Peer } from './peer.js';
import { freshUid } from './uid.js';

/**
 * The stage of a meetup.
 * - `waiting`: one peer sits. `hello` is its HELLO as it came, which the second peer gets [HELLO-4]; `stop` stops the clock of its
 *   waiting.
 * - `paired`: both seats are taken; messages are relayed.
 * - `finished`: a peer went; the meetup id is free for a new session at once.
 */
export type SessionState =
  | { readonly t: 'waiting'; readonly first: Peer; readonly hello: Buffer; readonly stop: () => void }
  | { readonly t: 'paired'; readonly first: Peer; readonly second: Peer; readonly pairedAt: number }
  | {
      readonly t: 'finished';
      readonly first: Peer;
      readonly second?: Peer;
      readonly pairedAt?: number;
      readonly ending: Ending;
    };

/**
 * Gives a session that opens now its time of creation, milliseconds since the epoch: a microsecond after the last one where both open within
 * one millisecond. So the times tell the sessions of a replica apart, and lists of several replicas have one order.
 */
export function creationTime(now: number, last: number): number {
  return last >= now && last < now + 1 ? (Math.round(last * 1000) + 1) / 1000 : now;
}

/** One life of a meetup: from its first seated peer until either peer goes. */
export class Session {
  readonly uid: string = freshUid();
  readonly meetupId: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly createdAt: number;
  readonly #clock: Clock;
  #state: SessionState;

  /** @param createdAt from `creationTime`. @param hello HELLO of the first peer, as it came. @param stop stops the clock of its waiting */
  constructor(createdAt: number, first: Peer, hello: Buffer, stop: () => void, clock: Clock) {
    this.meetupId = first.admission.meetupId;
    this.createdAt = createdAt;
    this.#clock = clock;
    this.#state = { t: 'waiting', first, hello, stop };
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The peers that sit or, in a finished session, sat. */
  get peers(): readonly [Peer] | readonly [Peer, Peer] {
    const { state } = this;
    const second = state.t === 'waiting' ? undefined : state.second;
    return second === undefined ? [state.first] : [state.first, second];
  }

  /** The peer on the other seat. */
  other(peer: Peer): Peer | undefined {
    return this.peers.find((one) => one !== peer);
  }

  /** Takes the second seat; returns false when the session is not waiting. */
  pair(second: Peer): boolean {
    const state = this.#state;
    if (state.t !== 'waiting') return false;
    this.#move({ t: 'paired', first: state.first, second, pairedAt: this.#clock.now() });
    return true;
  }

  /** Ends the session; returns false when it had ended before. */
  finish(ending: Ending): boolean {
    const state = this.#state;
    if (state.t === 'finished') return false;
    const { first } = state;
    if (state.t === 'waiting') this.#move({ t: 'finished', first, ending });
    else this.#move({ t: 'finished', first, second: state.second, pairedAt: state.pairedAt, ending });
    return true;
  }

  /** Moves to the next state; the old state cleans up after itself. */
  #move(to: SessionState): void {
    const from = this.#state;
    this.#state = to;
    if (from.t === 'waiting') from.stop();
  }
}
