// Original file: proto/micronets/wsproxy/control/v1/drain.proto


/**
 * Which drain to watch.
 */
export interface WatchDrainRequest {
  /**
   * Name of the replica, any of the fleet; empty for the one that answers.
   */
  'replica'?: (string);
}

/**
 * Which drain to watch.
 */
export interface WatchDrainRequest__Output {
  /**
   * Name of the replica, any of the fleet; empty for the one that answers.
   */
  'replica': (string);
}
