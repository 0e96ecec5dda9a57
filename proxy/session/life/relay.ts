import type { Clock } from '../../ports/clock.js';
import type { Counters } from './counters.js';
import { Flow, type FlowMarks } from './flow.js';
import type { MessageObserver } from './message-observer.js';
import type { Peer, Receiver } from './peer.js';
import type { Session } from './session.js';
import { Throttle } from './throttle.js';

export interface RelayParts {
  readonly clock: Clock;
  readonly bounds: FlowMarks;
  readonly observer: MessageObserver | undefined;
}

/**
 * Joins two peers: every message of one goes to the other with the same bytes, the same frame type, in the same order [RELAY-1]. A
 * message changes only if the observer returns other bytes for it.
 */
export function relay(session: Session, one: Peer, two: Peer, parts: RelayParts): void {
  for (const { socket } of [one, two]) socket.allowFullSize();
  const forth = new Direction(session, one, two, parts);
  const back = new Direction(session, two, one, parts);
  forth.opposite = back;
  back.opposite = forth;
  one.receiver = forth;
  two.receiver = back;
}

/**
 * One direction of the relay: a flow between two peers that counts, shows each message to the observer, and keeps the sender to its
 * rate.
 */
class Direction extends Flow implements Receiver {
  /** The opposite direction, whose backlog shrinks when the sender of this one takes bytes. */
  opposite: Flow | undefined;
  readonly #session: Session;
  readonly #from: Peer;
  readonly #sent: Counters;
  readonly #observer: MessageObserver | undefined;
  readonly #throttle: Throttle | undefined;

  constructor(session: Session, from: Peer, to: Peer, { bounds, observer, clock }: RelayParts) {
    super(from, to.socket, bounds);
    this.#session = session;
    this.#from = from;
    this.#sent = to.counters;
    this.#observer = observer;
    this.#throttle = Throttle.of(from, clock);
  }

  message(data: Buffer, binary: boolean): void {
    const out = this.#observer === undefined ? data : this.#observer.relayed(this.#session, this.#from, data, binary);
    const received = this.#from.counters;
    received.messagesIn += 1;
    received.bytesIn += data.length;
    const sent = this.#sent;
    sent.messagesOut += 1;
    sent.bytesOut += out.length;
    this.pass(out, binary);
    this.#throttle?.charge(data.length);
  }

  progress(backlog: number): void {
    this.opposite?.drained(backlog);
  }
}
