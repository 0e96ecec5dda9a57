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

/**
 * Wraps an observer of messages so that it cannot fail a message: its error reaches `fault`, and the message goes on as it came
 * [OBS-2].
 */
export function harmless(observer: MessageObserver, fault: (error: unknown) => void): MessageObserver {
  return {
    relayed: (session, from, data, binary) => {
      try {
        return observer.relayed(session, from, data, binary);
      } catch (error) {
        fault(error);
        return data;
      }
    },
    finished: (session, ending) => {
      try {
        observer.finished?.(session, ending);
      } catch (error) {
        fault(error);
      }
    },
  };
}

/** Joins observers of messages: each sees the message as the one before it returned it. Undefined without any. */
export function inTurn(...given: readonly (MessageObserver | undefined)[]): MessageObserver | undefined {
  const observers = given.filter((one) => one !== undefined);
  if (observers.length <= 1) return observers[0];
  return {
    relayed: (session, from, data, binary) => {
      let out = data;
      for (const observer of observers) out = observer.relayed(session, from, out, binary);
      return out;
    },
    finished: (session, ending) => {
      for (const observer of observers) observer.finished?.(session, ending);
    },
  };
}
