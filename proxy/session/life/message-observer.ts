import type { Socket } from '../../ports/socket.js';
import type { Ending } from '../../wire/close.js';
import type { Admission } from './admission.js';
import type { Counters } from './counters.js';

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
