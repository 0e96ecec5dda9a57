import type { MessageObserver } from '../life/message-observer.js';

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
