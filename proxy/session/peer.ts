import type { Limits, Role } from '../policy/decision.js';
import { type Ending, type EndingLabel, ending } from '../wire/close.js';
import type { Hello } from '../wire/hello.js';
import type { Identity } from '../wire/identity.js';
import { type Counters, zeroCounters } from './counters.js';
import type { Clock, Socket } from './ports.js';
import type { Session } from './session.js';
import { freshUid } from './uid.js';

/** Everything that was decided about a connection before it was accepted. */
export interface Admission {
  readonly identity: Identity;
  readonly meetupId: string;
  readonly role: Role;
  readonly limits: Limits;
  /** Name of the policy rule that let it in. */
  readonly rule: string;
  /** Set while the policy only audits: why it would keep this peer out. */
  readonly wouldDeny?: string;
  /** Address of the client as the edge saw it, for people; empty when unknown. */
  readonly remote: string;
  /** `x-request-id` of the upgrade, empty when unknown: joins the logs of the edge with ours. */
  readonly requestId: string;
  /** `traceparent` that the edge put on the upgrade, empty when there was none. */
  readonly traceparent: string;
}

/**
 * Where a connection stands.
 * - `greeting`: accepted; owes its HELLO.
 * - `seated`: sits in a session, waiting or paired.
 * - `ended`: over for us; the socket may still be finishing its close handshake.
 */
export type PeerState =
  | { readonly t: 'greeting' }
  | { readonly t: 'seated'; readonly hello: Hello; readonly session: Session }
  | { readonly t: 'ended'; readonly ending: Ending; readonly hello?: Hello; readonly session?: Session };

/** Why a peer is not read: the other side has too much waiting for it, or this one pays off its rate. */
export type HoldReason = 'backlog' | 'rate';

/** What the peer does with what arrives; each stage of its life sets its own. */
export interface Receiver {
  message(data: Buffer, binary: boolean): void;
  progress(backlog: number): void;
}

/** One connected client. */
export class Peer {
  readonly uid: string = freshUid();
  readonly admission: Admission;
  readonly socket: Socket;
  readonly counters: Counters = zeroCounters();
  /** Wall clock, milliseconds since the epoch. */
  readonly admittedAt: number;
  /** Wall clock of the last pong, milliseconds since the epoch; 0 before the first. */
  lastPongAt = 0;
  /** What arrives goes here; each stage of the peer's life replaces it. */
  receiver: Receiver = deaf;

  #state: PeerState = { t: 'greeting' };
  readonly #holds = new Set<HoldReason>();
  #listeners: (() => void)[] = [];
  readonly #onEnd: (peer: Peer, ending: Ending) => void;

  constructor(socket: Socket, admission: Admission, clock: Clock, onEnd: (peer: Peer, ending: Ending) => void) {
    this.socket = socket;
    this.admission = admission;
    this.admittedAt = clock.now();
    this.#onEnd = onEnd;
    socket.listen({
      message: (data, binary) => this.receiver.message(data, binary),
      pong: () => {
        this.lastPongAt = clock.now();
        this.#answer();
      },
      progress: (backlog) => this.receiver.progress(backlog),
      closed: (label, code, reason) => this.#lost(label, code, reason),
    });
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
    return this.#holds.size > 0;
  }

  /** Reads no more from this peer until every reason to hold it is released. */
  hold(reason: HoldReason): void {
    this.#holds.add(reason);
    this.socket.pause();
  }

  release(reason: HoldReason): void {
    if (this.#holds.delete(reason) && !this.held) this.socket.resume();
  }

  /**
   * Silence proves nothing while this is true: a peer that is not read cannot be heard, and behind a backlog a ping has not
   * left yet.
   */
  get inaudible(): boolean {
    return this.held || this.socket.backlog > 0;
  }

  /** Calls back once, at the next pong or at the end, whichever is first; the function returned cancels. */
  onceAnswered(callback: () => void): () => void {
    this.#listeners.push(callback);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== callback);
    };
  }

  /** The HELLO was taken and the seat found; false when the connection ended meanwhile. */
  seat(hello: Hello, session: Session): boolean {
    return this.#move('greeting', { t: 'seated', hello, session });
  }

  /** Ends the connection for a reason of ours: tells the peer, once. False when it had ended before. */
  end(label: EndingLabel, detail?: string): boolean {
    const why = ending(label, detail);
    if (!this.#finish(why)) return false;
    this.socket.close(why.code, why.text);
    this.#onEnd(this, why);
    return true;
  }

  /** The connection is gone or going by the peer's doing: nothing is left to say to it. */
  #lost(label: EndingLabel, code: number, reason: string): void {
    const row = ending(label);
    const why = label === 'closed_by_peer' ? { ...row, code, text: reason === '' ? row.text : reason } : row;
    if (this.#finish(why)) this.#onEnd(this, why);
  }

  #answer(): void {
    if (this.#listeners.length === 0) return;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const tell of listeners) tell();
  }

  #finish(why: Ending): boolean {
    const before = this.#state;
    if (before.t === 'ended') return false;
    const last: PeerState =
      before.t === 'seated' ? { ...before, t: 'ended', ending: why } : { t: 'ended', ending: why };
    this.receiver = deaf;
    this.#move(before.t, last);
    this.#answer();
    return true;
  }

  #move(from: PeerState['t'], to: PeerState): boolean {
    if (this.#state.t !== from) return false;
    this.#state = to;
    return true;
  }
}

/** What an ended peer does with what still arrives. */
const deaf: Receiver = { message: () => {}, progress: () => {} };
