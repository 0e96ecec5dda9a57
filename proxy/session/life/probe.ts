import type { Clock } from '../../ports/clock.js';
import type { Peer } from './peer.js';

/** The facts about a peer that can be seen from here. Of the counts only differences mean anything. */
interface Sight {
  /** Bytes that came from it. */
  readonly received: number;
  /** Bytes that were taken for it, and for the peer on the other seat. */
  readonly taken: number;
  readonly takenByOther: number;
  /** Whether bytes wait for it: a ping is behind them. */
  readonly waited: boolean;
  /** Whether it is not read: its pong would not be heard. */
  readonly unread: boolean;
  /** The same because it pays off its rate, which ends by itself. */
  readonly pays: boolean;
}

/** `unsure`: what kept its answer away has passed only now. `stuck`: bytes wait for it, and it took none of them. */
type Verdict = 'live' | 'dead' | 'unsure' | 'stuck';

export interface ProbeBounds {
  /** Time that a sitting peer has to answer, or to move a byte, when its seat is contested, milliseconds. */
  readonly probeTimeout: number;
  /** Time for which one must have taken nothing before the bearer of another certificate may have its seat, milliseconds. */
  readonly pingTimeout: number;
}

/** A question that is open. */
interface Question {
  readonly decided: Promise<void>;
  /** Whether somebody who asks shows the peer's own certificate. */
  byOwn: boolean;
}

/**
 * Asks sitting peers, at once, whether they live: a seat is contested by liveness, never by order [MEET-5]. Several
 * newcomers share one question.
 */
export class Probe {
  readonly #clock: Clock;
  readonly #bounds: ProbeBounds;
  readonly #stalledFor: (peer: Peer) => number;
  readonly #asked = new Map<Peer, Question>();

  /** @param stalledFor how long the bytes that wait for a peer have stood without one being taken, milliseconds */
  constructor(clock: Clock, bounds: ProbeBounds, stalledFor: (peer: Peer) => number) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#stalledFor = stalledFor;
  }

  /**
   * Resolves when the peer has answered, was seen to live, or has ended, as dead or otherwise.
   *
   * @param byOwn whether the newcomer shows the peer's own certificate: most likely it is the peer, come back
   */
  ask(peer: Peer, byOwn: boolean): Promise<void> {
    if (peer.state.t === 'ended') return Promise.resolve();
    const question = this.#asked.get(peer);
    if (question === undefined) return this.#question(peer, byOwn);
    question.byOwn ||= byOwn;
    return question.decided;
  }

  #question(peer: Peer, byOwn: boolean): Promise<void> {
    const { probeTimeout } = this.#bounds;
    const decided = new Promise<void>((resolve) => {
      let cancelTimer = (): void => {};
      const done = (): void => {
        cancelTimer();
        cancelListener();
        this.#asked.delete(peer);
        resolve();
      };
      const watch = (isLast: boolean): void => {
        const before = sightOf(peer);
        cancelTimer = this.#clock.after(probeTimeout, () => {
          const verdict = judge(before, sightOf(peer));
          if (verdict === 'unsure' && !isLast) {
            watch(true);
            return;
          }
          const isOver = verdict === 'dead' || (verdict === 'stuck' && this.#isLost(peer));
          if (isOver) peer.end('probe_timeout', `${probeTimeout / 1000} seconds`);
          done();
        });
      };
      const cancelListener = peer.onceAnswered(done);
      watch(false);
    });
    // Before the ping: its answer may come at once. It is sent whatever stands in its way, since a write finds a broken line.
    this.#asked.set(peer, { decided, byOwn });
    peer.socket.ping();
    return decided;
  }

  /**
   * Whether a peer is lost. The bytes that a peer takes are seen in steps: the operating system reports room only when most of its
   * buffer is empty, which takes a line of 256 kbit/s five seconds. So nobody else can push out a reader that is only slow.
   */
  #isLost(peer: Peer): boolean {
    return this.#asked.get(peer)?.byOwn === true || this.#stalledFor(peer) >= this.#bounds.pingTimeout;
  }
}

function sightOf(peer: Peer): Sight {
  const { received, taken, backlog } = peer.socket;
  const takenByOther = peer.session?.other(peer)?.socket.taken ?? 0;
  return { received, taken, takenByOther, waited: backlog > 0, unread: peer.held, pays: peer.heldFor('rate') };
}

/** Judges a peer that has not answered, from its sight when it was asked and its sight now. */
function judge(before: Sight, now: Sight): Verdict {
  // A peer in the middle of a long message cannot send its pong.
  if (now.received > before.received) return 'live';
  if (before.waited && now.waited) return moves(before, now) ? 'live' : 'stuck';
  if (before.waited !== now.waited || before.unread !== now.unread) return 'unsure';
  return now.unread ? 'live' : 'dead';
}

/**
 * Whether a peer with a backlog moves, as far as it can. While it is not read it may be unable to read, so it counts as moving as long
 * as the other peer does, for which it waits. If neither peer takes a byte, nobody moves.
 */
function moves(before: Sight, now: Sight): boolean {
  if (now.taken > before.taken) return true;
  return now.unread && (now.pays || now.takenByOther > before.takenByOther);
}
