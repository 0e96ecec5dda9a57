import type { Clock } from '../proxy/ports/clock.js';
import type { Socket } from '../proxy/ports/socket.js';

/**
 * Notices a proxy that is gone without a word. The proxy pings every 10 s, and whatever is heard counts; after half the time in
 * silence this side pings too, so that a proxy which pings more rarely is not taken for dead.
 *
 * @param silence milliseconds without a sign of life after which `dead` is called, once
 */
export function watch(socket: Socket, clock: Clock, silence: number, dead: () => void): Watchdog {
  let heard = clock.steady();
  const cancel = clock.every(silence / 4, () => {
    const quiet = clock.steady() - heard;
    if (quiet >= silence) {
      cancel();
      dead();
    } else if (quiet >= silence / 2) socket.ping();
  });
  return {
    heard: () => {
      heard = clock.steady();
    },
    stop: cancel,
  };
}

export interface Watchdog {
  /** Must be called whenever bytes came from the other end. */
  heard(): void;
  stop(): void;
}
