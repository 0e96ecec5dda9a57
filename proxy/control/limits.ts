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
  /** WatchHistory streams at one time, in all and of one certificate. */
  readonly historyWatchers: number;
  readonly historyWatchersOfOne: number;
  /** Changes that are kept for all watchers together; a change takes about 2 KiB. */
  readonly changes: number;
  /** Time for which a stream's client may leave its messages untaken, milliseconds. */
  readonly stallTime: number;
  /** Interval at which the right of a stream's caller is checked again, milliseconds. */
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
  historyWatchers: 32,
  historyWatchersOfOne: 8,
  changes: 4096,
  stallTime: 30_000,
  recheckInterval: 1_000,
  callsOfConnection: 256,
  requestBytes: 262_144,
};
