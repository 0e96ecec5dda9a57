import type { MessageObserver } from '../life/ports.js';

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
    finished: (session, ending) => {
      try {
        observer.finished?.(session, ending);
      } catch (error) {
        fault(error);
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
    finished: (session, ending) => {
      for (const observer of observers) observer.finished?.(session, ending);
    },
  };
}
