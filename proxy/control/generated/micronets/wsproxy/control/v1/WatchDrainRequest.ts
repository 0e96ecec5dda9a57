// Original file: proto/micronets/wsproxy/control/v1/drain.proto


/**
 * Which drain to watch.
 */
export interface WatchDrainRequest {
  /**
   * Name of the replica, which must be the one that answers; empty for that one.
   */
  'replica'?: (string);
}

/**
 * Which drain to watch.
 */
export interface WatchDrainRequest__Output {
  /**
   * Name of the replica, which must be the one that answers; empty for that one.
   */
  'replica': (string);
}
