import type { Socket } from '../../ports/socket.js';
import type { Admission, Newcomer, SeatConflict } from './admission.js';

/** The room that the door takes for each connection. All connections share one object, because each connection keeps it. */
export interface Room {
  /** One connection has sent its HELLO and no longer counts as greeting. */
  greeted(who: Newcomer): void;
  /** One connection is gone; called exactly once for each. `hadGreeted` says whether its HELLO had come. */
  left(who: Newcomer, hadGreeted: boolean): void;
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
