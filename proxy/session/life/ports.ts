/**
 * The interfaces of this layer, beside those of `proxy/ports/`. The state machines know a connection, the time and their observers only
 * through them. So each is tested with fakes in microseconds, and no library can leak in.
 */
import type { Socket } from '../../ports/socket.js';
import type { Ending, Refusal } from '../../wire/close.js';
import type { Identity } from '../../x509/identity.js';
import type { Admission, Newcomer, SeatConflict } from './admission.js';
import type { Counters } from './counters.js';

/** An upgrade that was refused before the 101. */
export interface RefusedUpgrade {
  readonly refusal: Refusal;
  /** The reason in full, for operators; the refusal has the part that the client was told. */
  readonly detail: string;
  /** Request target, cut to a bounded length. */
  readonly target: string;
  /** Present once the identity is known. */
  readonly identity?: Identity;
  readonly meetupId?: string;
  /** Address of the client as the edge saw it; empty when unknown. */
  readonly remote: string;
  /** `x-request-id`; empty when unknown. */
  readonly requestId: string;
}

/** The room that the door takes for each connection. All connections share one object, because each connection keeps it. */
export interface Room {
  /** One connection of this certificate has sent its HELLO and no longer counts as greeting. */
  greeted(fingerprint: string): void;
  /** One connection of this certificate is gone; called exactly once for each. `hadGreeted` says whether its HELLO had come. */
  left(fingerprint: string, hadGreeted: boolean): void;
}

/** Gives seats: the registry, or something that stands in front of it. */
export interface Seats {
  /**
   * Returns the reason why this newcomer may not sit; undefined when it may. Dead peers that hold a seat are ended first, which takes
   * up to the probe's time. The answer holds at this moment only: the seat itself is taken with the HELLO.
   */
  contest(newcomer: Newcomer): Promise<SeatConflict | undefined>;
  /** Takes an accepted connection, and gives back its room when the connection is gone. */
  admit(socket: Socket, admission: Admission, room: Room): void;
}

/** A peer of a pair in the form that observers on the hot path get. It is the peer itself, so showing a message creates no object. */
export interface RelayedPeer {
  readonly uid: string;
  readonly admission: Admission;
  readonly counters: Readonly<Counters>;
  readonly socket: Pick<Socket, 'backlog'>;
}

/** A pair in the form that observers on the hot path get. An observer that keeps a pair must let it go when the session is finished. */
export interface RelayedSession {
  readonly uid: string;
  readonly meetupId: string;
  /** The peers in the order in which they came. */
  readonly peers: readonly [RelayedPeer] | readonly [RelayedPeer, RelayedPeer];
}

/** Sees every relayed message before it goes out. Called on the hot path. */
export interface MessageObserver {
  /** May return other bytes to send in place of `data` (trace context injection); must return `data` otherwise. */
  relayed(session: RelayedSession, from: RelayedPeer, data: Buffer, binary: boolean): Buffer;
  /** No message of this session follows; called once, after the readers of the events. May not throw. */
  finished?(session: RelayedSession, ending: Ending): void;
}
