import type { Side } from '../judge/history.js';

/** Who sits where, and what kind of peer it is. */
export interface SeatPlan {
  readonly meetup: string;
  readonly side: Side;
  /** `ours`: the library of `peer/`. `deployed`: a plain client that comes back after a fixed time. */
  readonly kind: 'ours' | 'deployed';
  /** Which of the scene's certificates it has. */
  readonly credential: number;
  /** Addresses below which it finds its meetup, in the order in which it tries them. Left out: that of the world. */
  readonly urls?: readonly string[];
}

/** What all seats of one process share. */
export interface SeatWorld {
  /** Address below which the meetups are. */
  readonly url: string;
  /** The name in the proxy's certificate. */
  readonly servername: string;
  /** PEM. */
  readonly ca: string;
  readonly credentials: readonly { readonly certificate: string; readonly key: string }[];
  /** Milliseconds after which a deployed peer dials again, whatever happened. */
  readonly redialMs: number;
  /** Longest time that an answer takes, milliseconds; each takes a random part of it. */
  readonly answerMs: number;
  /** Most characters of padding in a message. */
  readonly paddingChars: number;
}

/** A peer of either kind, as the crowd drives it. */
export interface SeatedPeer {
  readonly plan: SeatPlan;
  readonly isPaired: boolean;
  /** Whether all that it sent and awaits on its present connection has come. */
  readonly isSettled: boolean;
  /** Connections that have ended. */
  readonly losses: number;
  start(): void;
  /** Ends it for good; resolves when its connection is gone. */
  stop(): Promise<void>;
  /** Sends a request; does nothing while unpaired. */
  call(): void;
  /** Sends an event; does nothing while unpaired. */
  event(): void;
  /** Sends the last event on this connection, once. */
  mark(): void;
  /** Stops reading, or reads again. */
  stall(isStalled: boolean): void;
  /** Drops the connection by a reset, in the middle of a frame where the kind of peer can do that. */
  reset(): void;
}
