// Original file: proto/micronets/wsproxy/control/v1/drain.proto


/**
 * Which drain to get.
 */
export interface GetDrainRequest {
  /**
   * Name of the replica, any of the fleet; empty for the one that answers.
   */
  'replica'?: (string);
}

/**
 * Which drain to get.
 */
export interface GetDrainRequest__Output {
  /**
   * Name of the replica, any of the fleet; empty for the one that answers.
   */
  'replica': (string);
}
