// Original file: proto/micronets/wsproxy/control/v1/drain.proto


/**
 * Which drain to get.
 */
export interface GetDrainRequest {
  /**
   * Name of the replica, which must be the one that answers; empty for that one.
   */
  'replica'?: (string);
}

/**
 * Which drain to get.
 */
export interface GetDrainRequest__Output {
  /**
   * Name of the replica, which must be the one that answers; empty for that one.
   */
  'replica': (string);
}
