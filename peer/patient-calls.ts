import type { Clock } from '../proxy/ports/clock.js';
import { peerClock } from './clock.js';
import type { PeerConnection } from './connection.js';
import { defaultLimits } from './limits.js';
import { RequestFailure } from './request-failure.js';
import type { State } from './state.js';
import { WaitingLine } from './waiting-line.js';

/** The part of a peer that says whether there is a pair. */
type WatchedPeer = Pick<PeerConnection, 'state' | 'observe'>;

export interface PatienceBounds {
  /** Milliseconds that a call waits, in all, for a session that moves; 0: none waits. */
  readonly hold: number;
  /** Calls that go on at one time after a wait, even where the other peer works on more. */
  readonly atOnce: number;
}

/** Calls that go on at one time at first, and where the other peer does not say how many it works on: half of what one does unless told. */
const AT_FIRST = defaultLimits.concurrent / 2;
/** Answers after which one more goes on at one time: what waited for seconds must not reach an API in one moment. */
const ANSWERS_FOR_ONE_MORE = 4;

/**
 * Makes calls through a peer whose proxy may restart. While the session moves, from the close by a draining proxy until the pair is made
 * anew, calls wait; then they go on, no more at one time than the other peer works on. A call that the proxy had not taken is made
 * again [CLOSE-9]: nobody got it. One that it had taken and that was not answered fails, since it may have been carried out.
 */
export class PatientCalls {
  readonly #peer: WatchedPeer;
  readonly #bounds: PatienceBounds;
  readonly #clock: Clock;
  readonly #line: WaitingLine;
  /** Since when the session moves, steady clock. */
  #movesSince: number | undefined;
  /** Since when it is back, and calls go on one after another. */
  #pacedSince: number | undefined;
  /** Calls that waited and go on now. */
  #going = 0;
  /** Calls that have ended since it is back. */
  #ended = 0;

  constructor(peer: WatchedPeer, bounds: PatienceBounds, clock: Clock = peerClock) {
    this.#peer = peer;
    this.#bounds = bounds;
    this.#clock = clock;
    this.#line = new WaitingLine(clock);
    peer.observe({ state: (now, before) => this.#moved(now, before) });
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#line.size;
  }

  /** Whether a call has to get in line: the session moves, or is back and what waited has not gone on. */
  get holds(): boolean {
    const since = this.#peer.state.kind === 'paired' ? this.#pacedSince : this.#movesSince;
    return since !== undefined && this.#clock.steady() - since < this.#bounds.hold;
  }

  /**
   * Makes a call as soon as it may be made, and again if it was not taken.
   *
   * @param attempt makes it once; called again after it was rejected for nobody having got it
   * @param signal fires when the caller gave up
   * @throws RequestFailure, and what `attempt` throws
   */
  async make<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let left = this.#bounds.hold;
    for (let isAgain = false; ; isAgain = true) {
      const mustWait = this.holds;
      if (mustWait) {
        const since = this.#clock.steady();
        const turn = this.#line.wait(isAgain, left, signal);
        this.#letGo();
        await turn;
        left -= this.#clock.steady() - since;
      }
      try {
        return await attempt();
      } catch (error) {
        if (!gotNowhere(error) || !this.holds || left <= 0) throw error;
      } finally {
        if (mustWait) this.#left();
      }
    }
  }

  #moved(now: State, before: State): void {
    switch (now.kind) {
      case 'backing_off':
        if (before.kind === 'paired' && now.why.restarts === true) this.#movesSince = this.#clock.steady();
        return;
      case 'paired':
        if (this.#movesSince !== undefined) this.#pacedSince = this.#clock.steady();
        this.#ended = 0;
        this.#movesSince = undefined;
        this.#letGo();
        return;
      case 'stopped':
        this.#movesSince = undefined;
        this.#line.failAll(new RequestFailure('not_paired', 'this peer stops'));
        return;
      case 'connecting':
      case 'waiting':
    }
  }

  #left(): void {
    this.#going -= 1;
    this.#ended += 1;
    this.#letGo();
  }

  #letGo(): void {
    const { state } = this.#peer;
    if (state.kind !== 'paired') return;
    const { concurrency = AT_FIRST } = state.other;
    const most = Math.min(AT_FIRST + this.#ended / ANSWERS_FOR_ONE_MORE, concurrency, this.#bounds.atOnce);
    while (this.#going < most && this.#line.next()) this.#going += 1;
    // Half of the places are free for calls that come from now on, which are not counted.
    if (this.#line.size === 0 && this.#going <= most / 2) this.#pacedSince = undefined;
  }
}

/** Whether it is certain that the other peer did not get the request. */
function gotNowhere(error: unknown): boolean {
  return error instanceof RequestFailure && (error.reason === 'not_taken' || error.reason === 'not_paired');
}
