/** Bounds of the control API. */
export interface ControlLimits {
  /** WatchSessions streams at one time, in all and of one certificate. */
  readonly watchers: number;
  readonly watchersOfOne: number;
  /** TapSession streams at one time, in all and of one certificate. */
  readonly taps: number;
  readonly tapsOfOne: number;
  /** WatchDrain streams at one time, in all and of one certificate. */
  readonly drainWatchers: number;
  readonly drainWatchersOfOne: number;
  /** Changes that are kept for watchers, all together. One is about 2 KiB. */
  readonly changes: number;
  /** Time for which a stream's client may take nothing of what waits for it, milliseconds. */
  readonly stallTime: number;
  /** Time between two looks at whether a stream's caller still has its right, milliseconds. */
  readonly recheckInterval: number;
  /** Calls at one time on one connection. */
  readonly callsOfConnection: number;
  /** Largest request, bytes. */
  readonly requestBytes: number;
}

export const CONTROL_LIMITS: ControlLimits = {
  watchers: 64,
  watchersOfOne: 16,
  taps: 8,
  tapsOfOne: 4,
  drainWatchers: 16,
  drainWatchersOfOne: 4,
  changes: 4096,
  stallTime: 30_000,
  recheckInterval: 1_000,
  callsOfConnection: 256,
  requestBytes: 262_144,
};
