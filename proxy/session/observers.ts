import type { MessageObserver, Observer } from './ports.js';

/** One observer that tells several, in order; what one of them throws reaches `fault` and nobody else [OBS-1]. */
export function all(observers: readonly Observer[], fault: (error: unknown) => void): Observer {
  const tell = (call: (observer: Observer) => void): void => {
    for (const observer of observers) {
      try {
        call(observer);
      } catch (error) {
        fault(error);
      }
    }
  };
  return {
    refused: (upgrade) => tell((o) => o.refused?.(upgrade)),
    admitted: (peer) => tell((o) => o.admitted?.(peer)),
    seated: (peer, session) => tell((o) => o.seated?.(peer, session)),
    paired: (session) => tell((o) => o.paired?.(session)),
    ended: (peer, ending) => tell((o) => o.ended?.(peer, ending)),
    finished: (session, ending) => tell((o) => o.finished?.(session, ending)),
  };
}

/** The observer of messages, unable to fail one: what it throws reaches `fault`, and the message goes on as it came [OBS-2]. */
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
  };
}

/** Observers of messages one after another, each shown what the one before it made of the message; undefined without any. */
export function inTurn(...given: readonly (MessageObserver | undefined)[]): MessageObserver | undefined {
  const observers = given.filter((one) => one !== undefined);
  if (observers.length <= 1) return observers[0];
  return {
    relayed: (session, from, data, binary) => {
      let out = data;
      for (const observer of observers) out = observer.relayed(session, from, out, binary);
      return out;
    },
  };
}
