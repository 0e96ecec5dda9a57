/**
 * The doors out of this layer. The state machines know a connection, the time and their observers only by these, so each
 * is tested with fakes in microseconds, and no library can leak in.
 */
import type { Ending, EndingLabel, Refusal } from '../wire/close.js';
import type { Identity } from '../x509/identity.js';
import type { Peer } from './peer.js';
import type { Session } from './session.js';

/** One websocket connection, whichever library carries it. */
export interface Socket {
  /** Memory of what `send` took and the operating system has not, in bytes; 0 when nothing waits. */
  readonly backlog: number;
  /** Memory of a message of which only a part has come, in bytes. */
  readonly gathered: number;
  /** Bytes that came from the other end so far, parts of messages included. Only differences mean anything. */
  readonly received: number;
  /** Bytes that the operating system took so far, parts of messages included. Only differences mean anything. */
  readonly taken: number;
  /** Sets who is told; called once, before anything can arrive. */
  listen(listener: SocketListener): void;
  /** Lets messages of full size in; until then only such as a HELLO pass, and nobody holds more of ours than that. */
  open(): void;
  /** Queues one message; what is sent in one turn of the event loop leaves in one write. Never throws. */
  send(data: Buffer, binary: boolean): void;
  ping(): void;
  /** Stops reading: the sender feels it as backpressure. What was already read may still arrive. */
  pause(): void;
  resume(): void;
  /** Sends what is queued and the close frame, then waits a bounded time for the answer. */
  close(code: number, reason: string): void;
  /** Drops the connection at once. */
  terminate(): void;
}

export interface SocketListener {
  message(data: Buffer, binary: boolean): void;
  pong(): void;
  /** The other end pinged, and was answered: a peer learns by it that the proxy lives. */
  ping?(): void;
  /** A write ended while a backlog was there; `backlog` is what is left, in bytes. */
  progress(backlog: number): void;
  /** The connection is over; called exactly once. `code` and `reason` are the peer's, where it sent them. */
  closed(label: EndingLabel, code: number, reason: string): void;
}

/** Waits until what was sent in one turn of the event loop was handed to the operating system. */
export interface AfterWrites {
  /** Called once for each time that it was asked for. */
  written(): void;
}

/** The time, in milliseconds. */
export interface Clock {
  /** Wall clock, since the Unix epoch. */
  now(): number;
  /** Steady clock: never steps back; only differences mean anything. */
  steady(): number;
  /** Calls back once; the function returned cancels. Does not keep the process alive. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back again and again; the function returned cancels. Does not keep the process alive. */
  every(ms: number, callback: () => void): () => void;
}

/** An upgrade that was refused before the 101. */
export interface RefusedUpgrade {
  readonly refusal: Refusal;
  /** The reason in full, for operators; what the client was told is in the refusal. */
  readonly detail: string;
  /** Request target, cut to a bounded length. */
  readonly target: string;
  /** Present once it is known. */
  readonly identity?: Identity;
  readonly meetupId?: string;
  /** Address of the client as the edge saw it; empty when unknown. */
  readonly remote: string;
  /** `x-request-id`; empty when unknown. */
  readonly requestId: string;
}

/** Is told what happens to connections and sessions, after it happened. May not throw, block or end anything. */
export interface Observer {
  /** An upgrade was refused; no peer came to be. */
  refused?(upgrade: RefusedUpgrade): void;
  /** The upgrade was accepted; the peer owes its HELLO. */
  admitted?(peer: Peer): void;
  /** The HELLO was taken; the peer sits. `session.state` says whether it waits or the pair is complete. */
  seated?(peer: Peer, session: Session): void;
  /** The second peer is seated: messages are relayed from now on. */
  paired?(session: Session): void;
  /** This side ended the connection, or learned of its end; called exactly once for each admitted peer. */
  ended?(peer: Peer, ending: Ending): void;
  /** The session is over; called exactly once for each session, after both peers' `ended`. */
  finished?(session: Session, ending: Ending): void;
}

/** Is shown every relayed message, before it goes out. Called on the hot path. */
export interface MessageObserver {
  /** May return other bytes to send in place of `data` (trace context injection); must return `data` otherwise. */
  relayed(session: Session, from: Peer, data: Buffer, binary: boolean): Buffer;
}
