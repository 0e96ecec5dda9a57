/** The bounds of one peer. Times in milliseconds, sizes in bytes. */
export interface PeerLimits {
  /** Name lookup, TCP, TLS and the upgrade together. */
  readonly handshake: number;
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

export const defaultLimits: PeerLimits = {
  handshake: 10_000,
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
