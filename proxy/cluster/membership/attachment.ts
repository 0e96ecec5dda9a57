import type { Clock } from '../../ports/clock.js';
import type { ClusterCounts } from '../counts.js';
import type { Store } from '../store.js';
import type { ClusterTimes } from '../times.js';
import { moved, type Standing, type Turn } from './standing.js';
import { StopWatch } from './stop-watch.js';

/** What the protocol has done to the peers of this replica. */
export interface ClusterEffects {
  /** Reads nothing more of any peer. */
  hold(): void;
  /** Reads on. */
  release(): void;
  /** Other replicas serve these meetups: ends whoever is here at one of them. */
  deposed(meetupIds: readonly string[]): void;
  /** Ends every pair, because others may serve their meetups by now (`--cluster-lost end`). */
  endPairs(): void;
}

export interface AttachmentParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Calls back again and again, as soon as it is due, before anything that waits in a socket is read. */
  readonly promptly: Clock['every'];
  readonly times: Pick<ClusterTimes, 'self' | 'dead'>;
  /** Whether pairs go on while this replica may count as dead, or end. */
  readonly lost: 'keep' | 'end';
  readonly counts: ClusterCounts;
  readonly effects: Pick<ClusterEffects, 'hold' | 'release' | 'endPairs'>;
  /** When the last acknowledged renewal was sent, steady clock. */
  readonly sentAt: () => number;
  /** Renews now, whatever is underway. */
  readonly renew: () => void;
  /** Renewals before this moment prove nothing of the others any more. */
  readonly forgetOthers: () => void;
  /** This replica is attached anew. */
  readonly attached: () => void;
  readonly moved: (to: Standing) => void;
  /** This process was stopped for that time, milliseconds. */
  readonly woken: (time: number) => void;
}

/** Keeps this replica's standing: what it may do, told by its own clock and by what the store has acknowledged. */
export class Attachment {
  readonly #parts: AttachmentParts;
  readonly #watch: StopWatch;
  #standing: Standing = { t: 'starting' };
  /** Renewals that were sent before prove nothing, steady clock. */
  #since = Number.NEGATIVE_INFINITY;
  /** Whether the pairs were ended since this replica was last attached. */
  #arePairsEnded = false;
  #undo: () => void = () => {};

  constructor(parts: AttachmentParts) {
    const { clock, promptly, times } = parts;
    this.#parts = parts;
    this.#watch = new StopWatch({
      ...{ clock, promptly },
      // A replica that had just not yet detached when it was stopped can be declared dead after this.
      longest: times.dead - times.self,
      looked: () => this.#look(),
      woken: (time) => this.#woken(time),
      release: (isProven) => this.#release(isProven),
    });
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** True while pairs may be made. The clock is asked each time: a timer may be late. */
  get mayPair(): boolean {
    const { t } = this.#standing;
    return (t === 'attached' || t === 'quarantine') && this.#isFresh();
  }

  /** Since when this replica may judge others, steady clock; undefined while it may not. */
  get judgesSince(): number | undefined {
    return this.#standing.t === 'attached' && this.mayPair ? this.#standing.since : undefined;
  }

  /** Whether free meetups may be taken, may only be looked up, or nothing can be told at present. */
  get freedom(): 'take' | 'look' | 'wait' {
    if (!this.mayPair) return 'wait';
    return this.#standing.t === 'attached' ? 'take' : 'look';
  }

  start(): void {
    const undo = this.#parts.store.onConnection((isUp) => this.#connection(isUp));
    this.#undo = () => {
      undo();
      this.#watch.stop();
    };
    this.#watch.start();
  }

  stop(): void {
    this.#move({ t: 'stop' });
    this.#undo();
  }

  /** Input of a peer is about to be handled: it is held back if the process was stopped. */
  beforeReading(): void {
    this.#watch.beforeReading();
  }

  /** The store has acknowledged a renewal, and has every claim. */
  confirmed(): void {
    if (!this.#isFresh() || this.#parts.sentAt() < this.#since) return;
    if (!this.#move({ t: 'attach' })) return;
    this.#arePairsEnded = false;
    this.#watch.proven();
    this.#parts.attached();
  }

  /** This replica has a new incarnation. */
  reincarnated(why: 'declared_dead' | 'store_lost'): void {
    const { clock, times } = this.#parts;
    this.#since = clock.steady();
    this.#move(why === 'store_lost' ? { t: 'lost', until: this.#since + times.dead } : { t: 'detach', cause: why });
  }

  #connection(isUp: boolean): void {
    const { clock, renew, forgetOthers } = this.#parts;
    this.#since = clock.steady();
    if (isUp) {
      renew();
      return;
    }
    forgetOthers();
    this.#move({ t: 'detach', cause: 'disconnected' });
  }

  #look(): void {
    const { times, forgetOthers } = this.#parts;
    this.#move({ t: 'look' });
    if (this.#standing.t === 'starting' || this.#age() <= times.self) return;
    forgetOthers();
    this.#move({ t: 'detach', cause: 'overdue' });
    this.#endPairs();
  }

  /** The process was stopped: others may have declared it dead, and serve its meetups. A renewal that was underway proves nothing. */
  #woken(time: number): void {
    const { clock, effects, counts, renew, woken } = this.#parts;
    effects.hold();
    woken(time);
    counts.holds += 1;
    this.#since = clock.steady();
    this.#move({ t: 'detach', cause: 'woken' });
    renew();
  }

  #release(isProven: boolean): void {
    if (!isProven) this.#endPairs();
    this.#parts.effects.release();
  }

  /** Ends the pairs, if that is wished; once, since none is made until this replica is attached. */
  #endPairs(): void {
    const { lost, effects } = this.#parts;
    if (lost === 'keep' || this.#arePairsEnded) return;
    this.#arePairsEnded = true;
    effects.endPairs();
  }

  /** Moves the standing; false when it stays. */
  #move(turn: Turn): boolean {
    const { clock, counts } = this.#parts;
    const from = this.#standing;
    const now = clock.steady();
    const to = moved(from, turn, now);
    if (to === from) return false;
    this.#standing = to;
    if (from.t === 'detached' && to.t !== 'detached') counts.detachedTime += now - from.since;
    this.#parts.moved(to);
    return true;
  }

  #isFresh(): boolean {
    return this.#parts.store.connected && this.#age() <= this.#parts.times.self;
  }

  /** Age of the last acknowledged renewal, counted from when it was sent, milliseconds. */
  #age(): number {
    return this.#parts.clock.steady() - this.#parts.sentAt();
  }
}
