import type { Role } from '../policy/decision.js';
import type { Ending } from '../wire/close.js';
import type { Hello } from '../wire/hello.js';
import { type GreetingBounds, greet } from './greeting.js';
import { Heartbeat, type HeartbeatBounds } from './heartbeat.js';
import { Openings } from './openings.js';
import { type Admission, Peer } from './peer.js';
import type { Clock, MessageObserver, Observer, Socket } from './ports.js';
import { Probe, type ProbeBounds } from './probe.js';
import { type RelayBounds, relay } from './relay.js';
import { Session } from './session.js';
import type { Verdict } from './sweep.js';

export interface RegistryBounds extends GreetingBounds, HeartbeatBounds, ProbeBounds, RelayBounds {
  /** Sessions, waiting and paired, at one time. */
  readonly maxSessions: number;
  /** Time that a peer may wait alone, milliseconds; 0: for ever. */
  readonly waitTimeout: number;
}

/** A session whose first peer waits. */
interface Waiting {
  /** Its HELLO as it came; the second peer gets these bytes [HELLO-4]. */
  readonly hello: Buffer;
  /** Stops its clock. */
  stop(): void;
}

/** The table of meetups: who sits where. */
export class Registry {
  readonly #clock: Clock;
  readonly #bounds: RegistryBounds;
  readonly #observer: Observer;
  readonly #messages: MessageObserver | undefined;
  readonly #heartbeat: Heartbeat;
  readonly #probe: Probe;
  readonly #peers = new Set<Peer>();
  readonly #sessions = new Map<string, Session>();
  readonly #openings: Openings;
  /** How to stop the clock of each peer that owes its HELLO. */
  readonly #greetings = new Map<Peer, () => void>();
  readonly #waits = new Map<Session, Waiting>();
  /** Why each peer goes that is ended together with others: its own reason stands before that the other peer went. */
  readonly #verdicts = new WeakMap<Peer, Verdict>();
  #paired = 0;
  #sequence = 0;

  constructor(clock: Clock, bounds: RegistryBounds, observer: Observer, messages?: MessageObserver) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#observer = observer;
    this.#messages = messages;
    this.#openings = new Openings(bounds.maxSessions);
    this.#heartbeat = new Heartbeat(clock, bounds);
    this.#probe = new Probe(clock, bounds, (peer) => this.#heartbeat.stalledFor(peer));
  }

  /** Connections that have not ended, whatever their stage. */
  get peers(): ReadonlySet<Peer> {
    return this.#peers;
  }

  /** Live sessions by meetup id, oldest first. */
  get sessions(): ReadonlyMap<string, Session> {
    return this.#sessions;
  }

  /** Connections that owe their HELLO. */
  get greeting(): number {
    return this.#greetings.size;
  }

  /** Sessions whose pair is complete. */
  get paired(): number {
    return this.#paired;
  }

  start(): void {
    this.#heartbeat.start();
  }

  stop(): void {
    this.#heartbeat.stop();
  }

  /**
   * May this newcomer have a seat? Dead peers that hold one are ended first, which takes up to the probe’s time. What is
   * answered holds at this moment only: the seat itself is taken with the HELLO.
   *
   * At the HELLO nobody is asked again, not even where both carry one certificate. A client dials anew when its old line is dead, so
   * that line cannot have answered here: a peer that dies between this answer and the HELLO is somebody else, or was the newcomer’s
   * own beside a line that lived, which is a pair [MEET-6]. The heartbeat ends such a pair as it ends any whose peer died.
   */
  async contest(
    newcomer: Pick<Admission, 'identity' | 'meetupId' | 'role'>,
  ): Promise<'meetup_full' | 'role_taken' | 'meetups_full' | undefined> {
    const sitting = this.#sessions.get(newcomer.meetupId);
    if (sitting !== undefined && this.#isContested(sitting, newcomer)) {
      const { fingerprint } = newcomer.identity;
      const isOwn = ({ admission }: Peer): boolean => admission.identity.fingerprint === fingerprint;
      await Promise.all(sitting.peers.map((peer) => this.#probe.ask(peer, isOwn(peer))));
    }
    const session = this.#sessions.get(newcomer.meetupId);
    if (session === undefined)
      return this.#openings.hasRoomFor(newcomer.identity.fingerprint) ? undefined : 'meetups_full';
    return this.#conflict(session, newcomer.role);
  }

  /** Takes an accepted connection: from here on its HELLO, seat, relay and end are this registry’s. */
  admit(socket: Socket, admission: Admission): Peer {
    const peer = new Peer(socket, admission, this.#clock, this.#ended);
    this.#peers.add(peer);
    this.#heartbeat.watch(peer);
    this.#observer.admitted?.(peer);
    const greeted = (hello: Hello, data: Buffer): void => {
      this.#greetings.delete(peer);
      this.#seat(peer, hello, data);
    };
    this.#greetings.set(peer, greet(peer, this.#clock, this.#bounds, greeted));
    return peer;
  }

  /**
   * The one door out for more than one peer: ends each of a set for its own reason and returns how many had not ended before. Of a pair
   * of which both are in the set each is told its own reason; of a pair of which one is, the other is told that its peer went [CLOSE-1].
   */
  end(verdicts: ReadonlyMap<Peer, Verdict>): number {
    const living = [...verdicts].filter(([{ state }]) => state.t !== 'ended');
    for (const [peer, verdict] of living) this.#verdicts.set(peer, verdict);
    for (const [peer, { label, detail }] of living) peer.end(label, detail);
    return living.length;
  }

  /** Ends both peers of a session for one reason; false when it had ended before. */
  close(session: Session, verdict: Verdict): boolean {
    return this.end(new Map(session.peers.map((peer) => [peer, verdict]))) > 0;
  }

  #seat(peer: Peer, hello: Hello, data: Buffer): void {
    const { meetupId, role } = peer.admission;
    const session = this.#sessions.get(meetupId);
    if (session === undefined) {
      this.#open(peer, hello, data);
      return;
    }
    const conflict = this.#conflict(session, role);
    if (conflict !== undefined) peer.end(conflict);
    else this.#pair(session, peer, hello, data);
  }

  #open(peer: Peer, hello: Hello, data: Buffer): void {
    const { fingerprint } = peer.admission.identity;
    if (!this.#openings.hasRoomFor(fingerprint)) {
      peer.end('meetups_full');
      return;
    }
    this.#sequence += 1;
    const session = new Session(peer.admission.meetupId, this.#sequence, peer, this.#clock);
    if (!peer.seat(hello, session)) return;
    this.#sessions.set(session.meetupId, session);
    this.#openings.opened(fingerprint);
    this.#wait(peer, session, copyOf(data));
    this.#observer.seated?.(peer, session);
  }

  /** The first peer waits; whatever it says has nowhere to go [MEET-2]. */
  #wait(peer: Peer, session: Session, hello: Buffer): void {
    peer.receiver = { message: () => peer.end('impatient'), progress: () => {} };
    const { waitTimeout } = this.#bounds;
    const lonely = (): void => {
      if (session.state.t === 'waiting') peer.end('lonely', `${waitTimeout / 1000} seconds`);
    };
    const stop = waitTimeout === 0 ? () => {} : this.#clock.after(waitTimeout, lonely);
    this.#waits.set(session, { hello, stop });
  }

  /** The second HELLO makes the pair: each is sent the other’s, then everything is relayed [MEET-3]. */
  #pair(session: Session, second: Peer, hello: Hello, data: Buffer): void {
    const { first } = session.state;
    const waiting = this.#waits.get(session);
    if (waiting === undefined || !second.seat(hello, session)) return;
    session.pair(second);
    this.#stopWaiting(session);
    this.#paired += 1;
    this.#observer.seated?.(second, session);
    relay(session, first, second, { clock: this.#clock, bounds: this.#bounds, observer: this.#messages });
    deliver(first, data);
    deliver(second, waiting.hello);
    this.#observer.paired?.(session);
  }

  readonly #ended = (peer: Peer, ending: Ending): void => {
    this.#peers.delete(peer);
    this.#heartbeat.forget(peer);
    this.#greetings.get(peer)?.();
    this.#greetings.delete(peer);
    this.#observer.ended?.(peer, ending);
    const { session } = peer;
    if (session !== undefined) this.#finish(session, peer, ending);
  };

  /** When one peer goes, the other is told and goes too, and the meetup is free [CLOSE-1]. */
  #finish(session: Session, gone: Peer, ending: Ending): void {
    const wasPaired = session.state.t === 'paired';
    if (!session.finish(ending)) return;
    this.#stopWaiting(session);
    if (wasPaired) this.#paired -= 1;
    this.#sessions.delete(session.meetupId);
    this.#openings.closed(session.state.first.admission.identity.fingerprint);
    const other = session.other(gone);
    if (other !== undefined) this.#endSurvivor(other);
    this.#observer.finished?.(session, ending);
  }

  #endSurvivor(peer: Peer): void {
    const { label, detail }: Verdict = this.#verdicts.get(peer) ?? { label: 'peer_disconnected' };
    peer.end(label, detail);
  }

  #stopWaiting(session: Session): void {
    this.#waits.get(session)?.stop();
    this.#waits.delete(session);
  }

  #isContested(session: Session, newcomer: Pick<Admission, 'identity' | 'role'>): boolean {
    if (this.#conflict(session, newcomer.role) !== undefined) return true;
    return session.state.first.admission.identity.fingerprint === newcomer.identity.fingerprint;
  }

  #conflict(session: Session, role: Role): 'meetup_full' | 'role_taken' | undefined {
    if (session.state.t !== 'waiting') return 'meetup_full';
    return role !== 'any' && session.state.first.admission.role === role ? 'role_taken' : undefined;
  }
}

/** The HELLO waits as long as its peer: as a view it would keep the whole read of up to 64 KiB that it came in. */
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
