import type { Peer, Receiver } from './peer.js';
import type { Clock, MessageObserver } from './ports.js';
import type { Session } from './session.js';
import { Throttle } from './throttle.js';

export interface RelayBounds {
  /** Bytes waiting for one peer above which the other is no longer read. */
  readonly highMark: number;
  /** Bytes waiting for one peer at or below which the other is read again. */
  readonly lowMark: number;
}

export interface RelayParts {
  readonly clock: Clock;
  readonly bounds: RelayBounds;
  readonly observer: MessageObserver | undefined;
}

/**
 * Joins two sockets: every message of one goes to the other, same bytes, same frame type, same order [RELAY-1]. The only
 * thing it may do to a message is what the observer returns in its place.
 */
export function relay(session: Session, one: Peer, two: Peer, parts: RelayParts): void {
  const forth = new Direction(session, one, two, parts);
  const back = new Direction(session, two, one, parts);
  for (const { socket } of [one, two]) socket.open();
  one.receiver = new Relayed(forth, back);
  two.receiver = new Relayed(back, forth);
}

/** What a peer of a pair does with what arrives: its messages go one way, and its taking bytes eases the other. */
class Relayed implements Receiver {
  readonly #away: Direction;
  readonly #toward: Direction;

  constructor(away: Direction, toward: Direction) {
    this.#away = away;
    this.#toward = toward;
  }

  message(data: Buffer, binary: boolean): void {
    this.#away.forward(data, binary);
  }

  progress(backlog: number): void {
    this.#toward.drained(backlog);
  }
}

/** One way of the relay. Its backlog is bounded: high mark, one message, and what one read of the sender’s socket can hold. */
class Direction {
  readonly #session: Session;
  readonly #from: Peer;
  readonly #to: Peer;
  readonly #bounds: RelayBounds;
  readonly #observer: MessageObserver | undefined;
  readonly #throttle: Throttle | undefined;
  /** True while the sender is held for this direction's backlog. */
  #holding = false;

  constructor(session: Session, from: Peer, to: Peer, { bounds, observer, clock }: RelayParts) {
    this.#session = session;
    this.#from = from;
    this.#to = to;
    this.#bounds = bounds;
    this.#observer = observer;
    this.#throttle = Throttle.of(from, clock);
  }

  forward(data: Buffer, binary: boolean): void {
    const out = this.#observer === undefined ? data : this.#observer.relayed(this.#session, this.#from, data, binary);
    const received = this.#from.counters;
    received.messagesIn += 1;
    received.bytesIn += data.length;
    const sent = this.#to.counters;
    sent.messagesOut += 1;
    sent.bytesOut += out.length;
    this.#to.socket.send(out, binary);
    if (!this.#holding && this.#to.socket.backlog > this.#bounds.highMark) this.#hold();
    this.#throttle?.charge(data.length);
  }

  /** The far side took some bytes. */
  drained(backlog: number): void {
    if (this.#holding && backlog <= this.#bounds.lowMark) this.#release();
  }

  #hold(): void {
    this.#holding = true;
    this.#from.hold('backlog');
  }

  #release(): void {
    this.#holding = false;
    this.#from.release('backlog');
  }
}
