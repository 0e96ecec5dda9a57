import type { Peer } from './peer.js';
import type { MessageObserver } from './ports.js';
import type { Session } from './session.js';

export interface RelayBounds {
  /** Bytes waiting for one peer above which the other is no longer read. */
  readonly highMark: number;
  /** Bytes waiting for one peer at or below which the other is read again. */
  readonly lowMark: number;
}

/**
 * Joins two sockets: every message of one goes to the other, same bytes, same frame type, same order [RELAY-1]. The only
 * thing it may do to a message is what the observer returns in its place.
 */
export function relay(session: Session, one: Peer, two: Peer, bounds: RelayBounds, observer?: MessageObserver): void {
  const forth = new Direction(session, one, two, bounds, observer);
  const back = new Direction(session, two, one, bounds, observer);
  one.receiver = { message: forth.forward, progress: back.drained };
  two.receiver = { message: back.forward, progress: forth.drained };
}

/** One way of the relay. Its backlog is bounded: high mark, plus what one read of the sender’s socket can hold. */
class Direction {
  readonly #session: Session;
  readonly #from: Peer;
  readonly #to: Peer;
  readonly #bounds: RelayBounds;
  readonly #observer: MessageObserver | undefined;

  constructor(session: Session, from: Peer, to: Peer, bounds: RelayBounds, observer: MessageObserver | undefined) {
    this.#session = session;
    this.#from = from;
    this.#to = to;
    this.#bounds = bounds;
    this.#observer = observer;
  }

  readonly forward = (data: Buffer, binary: boolean): void => {
    const out = this.#observer === undefined ? data : this.#observer.relayed(this.#session, this.#from, data, binary);
    const received = this.#from.counters;
    received.messagesIn += 1;
    received.bytesIn += data.length;
    const sent = this.#to.counters;
    sent.messagesOut += 1;
    sent.bytesOut += out.length;
    this.#to.socket.send(out, binary);
    if (!this.#from.held && this.#to.socket.backlog > this.#bounds.highMark) this.#hold();
  };

  /** The far side took some bytes. */
  readonly drained = (backlog: number): void => {
    if (this.#from.held && backlog <= this.#bounds.lowMark) this.#release();
  };

  #hold(): void {
    this.#from.held = true;
    this.#from.socket.pause();
  }

  #release(): void {
    this.#from.held = false;
    this.#from.socket.resume();
  }
}
