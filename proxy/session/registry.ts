import { mayHaveOneMore } from '../policy/limits/share.js';
import type { Role } from '../policy/rules/decision.js';
import type { Clock } from '../ports/clock.js';
import type { Socket } from '../ports/socket.js';
import type { Ending } from '../wire/close.js';
import type { Hello } from '../wire/hello.js';
import { bearerOf } from '../x509/identity.js';
import type { Admission, Newcomer, SeatConflict } from './life/admission.js';
import type { FlowMarks } from './life/flow.js';
import { type GreetingBounds, greet } from './life/greeting.js';
import { Heartbeat, type HeartbeatBounds } from './life/heartbeat.js';
import type { Locator } from './life/locator.js';
import type { MessageObserver } from './life/message-observer.js';
import { Peer } from './life/peer.js';
import { Probe, type ProbeBounds } from './life/probe.js';
import { relay } from './life/relay.js';
import type { Room, Seats } from './life/seats.js';
import { creationTime, Session } from './life/session.js';
import type { Standstill } from './standstill.js';
import type { Steering } from './steering.js';
import type { Events } from './views/events.js';
import type { Present } from './views/present.js';

export interface RegistryBounds extends GreetingBounds, HeartbeatBounds, ProbeBounds, FlowMarks {
  /** Sessions, waiting and paired, at one time. */
  readonly maxSessions: number;
  /** Time that a peer may wait alone, milliseconds; 0: for ever. */
  readonly waitTimeout: number;
}

export interface RegistryParts {
  readonly clock: Clock;
  readonly bounds: RegistryBounds;
  /** The table that the registry writes. */
  readonly present: Present;
  /** Gives the reason for a peer that goes because its other peer went. */
  readonly steering: Steering;
  /** Hears of everything that happens. */
  readonly events: Events;
  /** Keeps newcomers unread while nobody is read. */
  readonly standstill: Standstill;
  /** Says whether pairs may be made here. */
  readonly locator: Pick<Locator, 'mayPair'>;
  /** Sees each message; absent where nobody looks at messages, which then cost nothing more. */
  readonly messages?: MessageObserver | undefined;
}

/** The keeper of the seats: gives them out, joins pairs, and ends the remaining peer of a pair. */
export class Registry implements Seats {
  readonly #parts: RegistryParts;
  readonly #heartbeat: Heartbeat;
  readonly #probe: Probe;
  /** Time at which the last session opened, milliseconds since the epoch. */
  #openedAt = 0;

  constructor(parts: RegistryParts) {
    const { clock, bounds } = parts;
    this.#parts = parts;
    this.#heartbeat = new Heartbeat(clock, bounds);
    this.#probe = new Probe(clock, bounds, (peer) => this.#heartbeat.stalledFor(peer));
  }

  start(): void {
    this.#heartbeat.start();
  }

  stop(): void {
    this.#heartbeat.stop();
  }

  /**
   * Decides whether this newcomer may have a seat. Dead peers that hold one are ended first, which takes up to the probe's time. The
   * answer holds at this moment only: the seat itself is taken with the HELLO.
   *
   * At the HELLO nobody is probed again, not even where both peers carry one certificate. A client dials anew when its old line is
   * dead, and a dead line cannot have answered the probe here. So a peer that dies between this answer and the HELLO is another client,
   * or it was one of two live lines of the newcomer's own client, which make a pair [MEET-6]. The heartbeat ends such a pair like any
   * other with a dead peer.
   */
  async contest(newcomer: Newcomer): Promise<SeatConflict | undefined> {
    const { sessions } = this.#parts.present;
    const sitting = sessions.get(newcomer.meetupId);
    if (sitting !== undefined && this.#isContested(sitting, newcomer)) {
      const own = bearerOf(newcomer.identity);
      const isOwn = ({ admission }: Peer): boolean => bearerOf(admission.identity) === own;
      await Promise.all(sitting.peers.map((peer) => this.#probe.ask(peer, isOwn(peer))));
    }
    const session = sessions.get(newcomer.meetupId);
    if (session === undefined) return this.#mayOpen(bearerOf(newcomer.identity)) ? undefined : 'meetups_full';
    return this.#conflict(session, newcomer.role);
  }

  /** Takes an accepted connection: from now on the registry handles its HELLO, seat, relay and end. */
  admit(socket: Socket, admission: Admission, room: Room): Peer {
    const { clock, bounds, present, events, standstill } = this.#parts;
    const peer = new Peer(socket, admission, room, clock, this.#ended);
    present.came(peer);
    events.admitted(peer);
    greet(peer, clock, bounds, (hello, data) => this.#seat(peer, hello, data));
    standstill.came(peer);
    // This comes last: the first ping may find that the line is broken.
    this.#heartbeat.watch(peer);
    return peer;
  }

  #seat(peer: Peer, hello: Hello, data: Buffer): void {
    const { meetupId, role } = peer.admission;
    const session = this.#parts.present.sessions.get(meetupId);
    if (session === undefined) {
      this.#open(peer, hello, data);
      return;
    }
    const conflict = this.#conflict(session, role);
    if (conflict !== undefined) peer.end(conflict);
    else if (!this.#parts.locator.mayPair) peer.end('unplaced');
    else this.#pair(session, peer, hello, data);
  }

  #open(peer: Peer, hello: Hello, data: Buffer): void {
    if (!this.#mayOpen(bearerOf(peer.admission.identity))) {
      peer.end('meetups_full');
      return;
    }
    const { clock, present, events } = this.#parts;
    this.#openedAt = creationTime(clock.now(), this.#openedAt);
    const stop = this.#wait(peer);
    const session = new Session(this.#openedAt, peer, copyOf(data), stop, clock);
    if (!peer.seat(hello, session)) {
      stop();
      return;
    }
    present.greeted();
    present.opened(session);
    events.seated(peer, session);
  }

  /** Lets the first peer wait; its messages have nowhere to go [MEET-2]. The returned function stops the clock of its waiting. */
  #wait(peer: Peer): () => void {
    const { clock, bounds } = this.#parts;
    const { waitTimeout } = bounds;
    peer.receiver = { message: () => peer.end('impatient'), progress: () => {} };
    if (waitTimeout === 0) return NO_CLOCK;
    return clock.after(waitTimeout, () => peer.end('lonely', `${waitTimeout / 1000} seconds`));
  }

  /** Makes the pair at the second HELLO: each peer gets the other's HELLO, then everything is relayed [MEET-3]. */
  #pair(session: Session, second: Peer, hello: Hello, data: Buffer): void {
    const { state } = session;
    if (state.t !== 'waiting' || !second.seat(hello, session)) return;
    const { clock, bounds, present, events, messages } = this.#parts;
    const { first } = state;
    session.pair(second);
    present.greeted();
    present.paired();
    events.seated(second, session);
    relay(session, first, second, { clock, bounds, observer: messages });
    deliver(first, data);
    deliver(second, state.hello);
    events.paired(session);
  }

  readonly #ended = (peer: Peer, ending: Ending): void => {
    const { present, events } = this.#parts;
    present.went(peer);
    this.#heartbeat.forget(peer);
    events.ended(peer, ending);
    const { session } = peer;
    if (session !== undefined) this.#finish(session, peer, ending);
  };

  /** Ends a session when one of its peers goes: the other peer is told and goes too, and the meetup is free [CLOSE-1]. */
  #finish(session: Session, gone: Peer, ending: Ending): void {
    if (!session.finish(ending)) return;
    const { present, steering, events, messages } = this.#parts;
    present.closed(session);
    const other = session.other(gone);
    if (other !== undefined) {
      const { label, detail } = steering.verdictOn(other);
      other.end(label, detail);
    }
    events.finished(session, ending);
    // This comes after the readers, so that they see the invocations as they were when the session ended.
    messages?.finished?.(session, ending);
  }

  /** Whether this bearer may open one more meetup: none may take all that there may be [MEET-8]. */
  #mayOpen(bearer: string): boolean {
    const { bounds, present } = this.#parts;
    return mayHaveOneMore(bounds.maxSessions, present.sessions.size, present.openedBy(bearer));
  }

  #isContested(session: Session, newcomer: Newcomer): boolean {
    if (this.#conflict(session, newcomer.role) !== undefined) return true;
    return bearerOf(session.state.first.admission.identity) === bearerOf(newcomer.identity);
  }

  #conflict(session: Session, role: Role): SeatConflict | undefined {
    if (session.state.t !== 'waiting') return 'meetup_full';
    return role !== 'any' && session.state.first.admission.role === role ? 'role_taken' : undefined;
  }
}

const NO_CLOCK = (): void => {};

/** Copies a HELLO, which waits as long as its peer: a view would keep the whole read of up to 64 KiB that it came in. */
function copyOf(data: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(data.length);
  data.copy(copy);
  return copy;
}

function deliver(peer: Peer, hello: Buffer): void {
  peer.counters.messagesOut += 1;
  peer.counters.bytesOut += hello.length;
  peer.socket.send(hello, false);
}
