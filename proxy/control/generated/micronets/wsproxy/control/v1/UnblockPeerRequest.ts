// Original file: proto/micronets/wsproxy/control/v1/block.proto


/**
 * Which block to lift.
 */
export interface UnblockPeerRequest {
  /**
   * `blocks/{uid}`.
   */
  'name'?: (string);
}

/**
 * Which block to lift.
 */
export interface UnblockPeerRequest__Output {
  /**
   * `blocks/{uid}`.
   */
  'name': (string);
}
