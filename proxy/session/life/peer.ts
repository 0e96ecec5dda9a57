import type { Clock } from '../../ports/clock.js';
import type { Socket, SocketListener } from '../../ports/socket.js';
import { type Ending, type EndingLabel, ending } from '../../wire/close.js';
import type { Hello } from '../../wire/hello.js';
import type { Admission } from './admission.js';
import { type Counters, zeroCounters } from './counters.js';
import type { Source } from './flow.js';
import type { Room } from './seats.js';
import type { Session } from './session.js';
import { freshUid } from './uid.js';

/**
 * The stage of a connection.
 * - `greeting`: accepted; owes its HELLO. `stop` stops the clock that runs for the HELLO.
 * - `seated`: sits in a session, waiting or paired.
 * - `ended`: over for us; the socket may still be finishing its close handshake.
 */
export type PeerState =
  | { readonly t: 'greeting'; readonly stop: () => void }
  | { readonly t: 'seated'; readonly hello: Hello; readonly session: Session }
  | { readonly t: 'ended'; readonly ending: Ending; readonly hello?: Hello; readonly session?: Session };

/**
 * The reasons not to read a peer: too much waits for the other side, this peer pays off its rate, a drain lets requests in flight finish,
 * or this replica stood still and does not know yet what it has lost.
 */
export const HOLD_REASONS = ['backlog', 'rate', 'drain', 'standstill'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** Handles the messages of a peer; each stage of the peer's life sets its own receiver. */
export interface Receiver {
  message(data: Buffer, binary: boolean): void;
  progress(backlog: number): void;
}

/** Each reason to hold a peer, as a bit: a set of its own for each connection would take more memory than the rest of the peer. */
const HOLDS: Readonly<Record<HoldReason, number>> = { backlog: 1, rate: 2, drain: 4, standstill: 8 };

/** One connected client, and the listener of its socket. */
export class Peer implements SocketListener, Source {
  readonly uid: string = freshUid();
  readonly admission: Admission;
  readonly socket: Socket;
  readonly counters: Counters = zeroCounters();
  /** Wall clock, milliseconds since the epoch. */
  readonly admittedAt: number;
  /** Wall clock of the last pong, milliseconds since the epoch; 0 before the first. */
  lastPongAt = 0;
  /** Gets everything that arrives; each stage of the peer's life replaces it. */
  receiver: Receiver = deaf;

  #state: PeerState = ACCEPTED;
  #holds = 0;
  #listeners: readonly (() => void)[] = NOBODY;
  readonly #room: Room;
  readonly #clock: Clock;
  readonly #onEnd: (peer: Peer, ending: Ending) => void;

  /** @param room takes back, step by step, what the door took for this connection */
  constructor(
    socket: Socket,
    admission: Admission,
    room: Room,
    clock: Clock,
    onEnd: (peer: Peer, ending: Ending) => void,
  ) {
    this.socket = socket;
    this.admission = admission;
    this.#room = room;
    this.admittedAt = clock.now();
    this.#clock = clock;
    this.#onEnd = onEnd;
    socket.listen(this);
  }

  message(data: Buffer, binary: boolean): void {
    this.receiver.message(data, binary);
  }

  pong(): void {
    this.lastPongAt = this.#clock.now();
    this.#answer();
  }

  progress(backlog: number): void {
    this.receiver.progress(backlog);
  }

  /** The connection is gone or going by the peer's doing: nothing is left to say to it. */
  closed(label: EndingLabel, code: number, reason: string): void {
    const row = ending(label);
    const why = label === 'closed_by_peer' ? { label, code, text: reason === '' ? row.text : reason } : row;
    if (this.#finish(why)) this.#onEnd(this, why);
  }

  get state(): PeerState {
    return this.#state;
  }

  get hello(): Hello | undefined {
    return this.#state.t === 'greeting' ? undefined : this.#state.hello;
  }

  get session(): Session | undefined {
    return this.#state.t === 'greeting' ? undefined : this.#state.session;
  }

  /** True while reading is held back. */
  get held(): boolean {
    return this.#holds !== 0;
  }

  /** True while reading is held back for that reason. */
  heldFor(reason: HoldReason): boolean {
    return (this.#holds & HOLDS[reason]) !== 0;
  }

  /** Reads no more from this peer until every reason to hold it is released. */
  hold(reason: HoldReason): void {
    this.#holds |= HOLDS[reason];
    this.socket.pause();
  }

  release(reason: HoldReason): void {
    const wasHeld = this.held;
    this.#holds &= ~HOLDS[reason];
    if (wasHeld && !this.held) this.socket.resume();
  }

  /** The other side has too much waiting for it. */
  pause(): void {
    this.hold('backlog');
  }

  resume(): void {
    this.release('backlog');
  }

  /** Calls back once, at the next pong or at the end, whichever is first; the function returned cancels. */
  onceAnswered(callback: () => void): () => void {
    this.#listeners = [...this.#listeners, callback];
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== callback);
    };
  }

  /** A clock runs for its HELLO; it is stopped when the peer sits or ends. */
  owesHello(stop: () => void): void {
    if (this.#state.t === 'greeting') this.#move({ t: 'greeting', stop });
    else stop();
  }

  /** The HELLO was taken and the seat found; false when the connection ended meanwhile. */
  seat(hello: Hello, session: Session): boolean {
    if (this.#state.t !== 'greeting') return false;
    this.#move({ t: 'seated', hello, session });
    this.#room.greeted(this.admission);
    return true;
  }

  /** Ends the connection for a reason of ours: tells the peer, once. False when it had ended before. */
  end(label: EndingLabel, detail?: string): boolean {
    const why = ending(label, detail);
    if (!this.#finish(why)) return false;
    this.socket.close(why.code, why.text);
    this.#onEnd(this, why);
    return true;
  }

  #answer(): void {
    if (this.#listeners.length === 0) return;
    const listeners = this.#listeners;
    this.#listeners = NOBODY;
    for (const tell of listeners) tell();
  }

  #finish(why: Ending): boolean {
    const before = this.#state;
    if (before.t === 'ended') return false;
    this.receiver = deaf;
    if (before.t === 'greeting') this.#move({ t: 'ended', ending: why });
    else this.#move({ t: 'ended', hello: before.hello, session: before.session, ending: why });
    this.#room.left(this.admission, before.t === 'seated');
    this.#answer();
    return true;
  }

  /** Moves to the next state; the old state cleans up after itself. */
  #move(to: PeerState): void {
    const from = this.#state;
    this.#state = to;
    if (from.t === 'greeting') from.stop();
  }
}

/** Before the clock of its HELLO runs: one state for all. */
const ACCEPTED: PeerState = { t: 'greeting', stop: () => {} };

const NOBODY: readonly (() => void)[] = [];

/** The receiver of an ended peer: it ignores what still arrives. */
const deaf: Receiver = { message: () => {}, progress: () => {} };
