import type { Ending } from '../../wire/close.js';
import type { Peer } from '../life/peer.js';
import type { RefusedUpgrade } from '../life/refused-upgrade.js';
import type { Session } from '../life/session.js';
import type { SessionStatistics } from './statistics.js';
import { type PeerView, peerView, type SessionView, sessionView } from './view.js';

/** Hears, in values, of what happens to connections and sessions, after it happened. May not block or end anything. */
export interface EventReader {
  /** An upgrade was refused before a peer came to be. */
  refused?(upgrade: RefusedUpgrade): void;
  /** The upgrade was accepted; the peer owes its HELLO. */
  admitted?(peer: PeerView): void;
  /** The peer sent its HELLO and sits. `session.state` says whether it waits or the pair is complete. */
  seated?(peer: PeerView, session: SessionView): void;
  /** The second peer is seated: messages are relayed from now on. */
  paired?(session: SessionView): void;
  /** This side ended the connection, or learned of its end; called exactly once for each admitted peer. */
  ended?(peer: PeerView, ending: Ending): void;
  /**
   * The session is over; called exactly once for each session, after both peers' `ended`. The statistics are those of this moment:
   * requests in flight still count as in flight.
   */
  finished?(session: SessionView, ending: Ending): void;
}

/**
 * The events of the core, for any number of readers. The view of an event is made when the first reader takes the event, once for all
 * readers, and not kept. An error that a reader throws reaches `fault` and nobody else [OBS-1].
 */
export class Events {
  readonly #statistics: SessionStatistics;
  readonly #fault: (error: unknown) => void;
  #readers: readonly EventReader[] = [];

  constructor(statistics: SessionStatistics, fault: (error: unknown) => void) {
    this.#statistics = statistics;
    this.#fault = fault;
  }

  /**
   * Adds a reader, which hears of events from now on. Readers are called in the order in which they came. The returned function removes
   * the reader.
   */
  subscribe(reader: EventReader): () => void {
    this.#readers = [...this.#readers, reader];
    return () => {
      this.#readers = this.#readers.filter((one) => one !== reader);
    };
  }

  refused(upgrade: RefusedUpgrade): void {
    this.#tell((reader) => reader.refused?.(upgrade));
  }

  admitted(peer: Peer): void {
    const view = once(() => peerView(peer));
    this.#tell((reader) => reader.admitted?.(view()));
  }

  seated(peer: Peer, session: Session): void {
    const [seated, where] = [once(() => peerView(peer)), this.#viewOf(session)];
    this.#tell((reader) => reader.seated?.(seated(), where()));
  }

  paired(session: Session): void {
    const view = this.#viewOf(session);
    this.#tell((reader) => reader.paired?.(view()));
  }

  ended(peer: Peer, ending: Ending): void {
    const view = once(() => peerView(peer));
    this.#tell((reader) => reader.ended?.(view(), ending));
  }

  finished(session: Session, ending: Ending): void {
    const view = this.#viewOf(session);
    this.#tell((reader) => reader.finished?.(view(), ending));
  }

  #viewOf(session: Session): () => SessionView {
    return once(() => sessionView(session, this.#statistics));
  }

  #tell(call: (reader: EventReader) => void): void {
    for (const reader of this.#readers) {
      try {
        call(reader);
      } catch (error) {
        this.#fault(error);
      }
    }
  }
}

/** Makes a value on the first demand and keeps it. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
