// Original file: proto/micronets/wsproxy/control/v1/server.proto


/**
 * The level was set.
 */
export interface SetLogLevelResponse {
  /**
   * Level before, on the replica that answers.
   */
  'previous_level'?: (string);
  /**
   * Level now.
   */
  'level'?: (string);
  /**
   * Names of the replicas that did not answer within 5 s, or did not admit the caller: their level may be as it was. At most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * The level was set.
 */
export interface SetLogLevelResponse__Output {
  /**
   * Level before, on the replica that answers.
   */
  'previous_level': (string);
  /**
   * Level now.
   */
  'level': (string);
  /**
   * Names of the replicas that did not answer within 5 s, or did not admit the caller: their level may be as it was. At most 256.
   */
  'unreachable_replicas': (string)[];
}
