/**
 * The doors out of this layer, beside those of `proxy/ports/`. The state machines know a connection, the time and their observers only
 * by these, so each is tested with fakes in microseconds, and no library can leak in.
 */
import type { Socket } from '../../ports/socket.js';
import type { Ending, Refusal } from '../../wire/close.js';
import type { Identity } from '../../x509/identity.js';
import type { Admission, Newcomer, SeatConflict } from './admission.js';
import type { Counters } from './counters.js';

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

/** The room that the door takes for each connection. One object for all, since each connection keeps it. */
export interface Room {
  /** The HELLO of one connection of this certificate was taken: it is no longer one that owes it. */
  greeted(fingerprint: string): void;
  /** One connection of this certificate is gone; called exactly once for each. `hadGreeted` says whether its HELLO was taken. */
  left(fingerprint: string, hadGreeted: boolean): void;
}

/** Who may sit, and the sitting: the registry, or whatever stands in front of it. */
export interface Seats {
  /**
   * Why this newcomer may not sit; undefined when it may. Peers that are dead and hold a seat are ended first, which takes up to the
   * probe's time. The answer holds at this moment only: the seat itself is taken with the HELLO.
   */
  contest(newcomer: Newcomer): Promise<SeatConflict | undefined>;
  /** Takes an accepted connection, and gives back its room when it is gone. */
  admit(socket: Socket, admission: Admission, room: Room): void;
}

/** A peer of a pair as the hot path is shown it: itself, so that showing a message makes nothing. */
export interface RelayedPeer {
  readonly uid: string;
  readonly admission: Admission;
  readonly counters: Readonly<Counters>;
  readonly socket: Pick<Socket, 'backlog'>;
}

/** A pair as the hot path is shown it. What keeps one lets it go when it is told that the session is finished. */
export interface RelayedSession {
  readonly uid: string;
  readonly meetupId: string;
  /** The peer that came first, and the other. */
  readonly peers: readonly [RelayedPeer] | readonly [RelayedPeer, RelayedPeer];
}

/** Is shown every relayed message, before it goes out. Called on the hot path. */
export interface MessageObserver {
  /** May return other bytes to send in place of `data` (trace context injection); must return `data` otherwise. */
  relayed(session: RelayedSession, from: RelayedPeer, data: Buffer, binary: boolean): Buffer;
  /** No message of this session follows; told once, after the readers of the events were. May not throw. */
  finished?(session: RelayedSession, ending: Ending): void;
}
