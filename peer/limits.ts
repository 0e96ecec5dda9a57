/** The bounds of one peer. Times in milliseconds, sizes in bytes. */
export interface PeerLimits {
  /** Name lookup, TCP and the tunnel of an HTTP proxy: until somebody is there. */
  readonly connect: number;
  /** TLS and the upgrade together, after that. It doubles with each dial in a row that was connected and got no answer. */
  readonly handshake: number;
  /** The longest time for TLS and the upgrade. */
  readonly handshakeCap: number;
  /** Silence of the proxy after which the connection is given up and made anew. */
  readonly silence: number;
  /** Time for the answer to our close frame. */
  readonly close: number;
  /** The largest message sent; a proxy ends a connection on which a larger one than its own limit comes. */
  readonly message: number;
  /** The backlog of the socket above which messages wait in the outbox. */
  readonly highMark: number;
  /** All messages that wait in the outbox. */
  readonly outbox: number;
  /** Own requests that wait for a response. */
  readonly inFlight: number;
  /** Requests of the other peer that are worked on at one time. */
  readonly concurrent: number;
}

/** Bytes of the largest message sent, unless told otherwise: what the proxy takes by default. */
export const DEFAULT_MAX_MESSAGE = 4 * 1024 * 1024;

/**
 * Where nobody answers, a dial costs little and is soon done again. A proxy that took the connection will take the handshake when its turn
 * comes: two cores do some hundred a second, so the last of a fleet waits long. A dial given up before that has the proxy work for nobody.
 */
export const defaultLimits: PeerLimits = {
  connect: 10_000,
  handshake: 30_000,
  handshakeCap: 60_000,
  silence: 30_000,
  close: 2_000,
  message: DEFAULT_MAX_MESSAGE,
  highMark: 1024 * 1024,
  outbox: 64 * 1024 * 1024,
  inFlight: 1024,
  concurrent: 64,
};

/** Milliseconds that a response is awaited, unless the request says otherwise. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** Bytes of the largest HTTP body at a bridge and at a gateway, unless told otherwise. */
export const DEFAULT_MAX_BODY = 4 * 1024 * 1024;

/** The bounds of a bridge, unless told otherwise. */
export const bridgeDefaults = {
  /** HTTP requests worked on at one time. Memory for bodies is at most the largest body times this. */
  maxInFlight: 128,
  /** Milliseconds that a request waits while the proxy restarts: as long as the drain of a proxy and its restart may take by default. */
  hold: 30_000,
  /** HTTP requests that wait for that, beside those in flight. */
  maxHeld: 8192,
} as const;

/** The further bounds of a bridge for many meetups, unless told otherwise. */
export const manyDefaults = {
  /** Meetups at one time; each has a connection. */
  maxMeetups: 1024,
  /** Milliseconds that a call waits for the other peer while its meetup is opened: a dial, and a gateway that comes back. */
  wait: 10_000,
  /** Milliseconds without a call after which a meetup is closed. */
  idle: 600_000,
  /** Calls of one meetup, those that wait included: one that is slow leaves places for the others. */
  maxPerMeetup: 32,
} as const;

/** The time for TLS and the upgrade of the next dial, after so many in a row that were connected and got no answer. */
export function handshakeTime({ handshake, handshakeCap }: PeerLimits, unanswered: number): number {
  // 2^30 is beyond every cap and still exact.
  return Math.min(handshake * 2 ** Math.min(unanswered, 30), handshakeCap);
}
