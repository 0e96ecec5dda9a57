// Original file: proto/micronets/wsproxy/control/v1/server.proto


/**
 * The level was set.
 */
export interface SetLogLevelResponse {
  /**
   * Level before.
   */
  'previous_level'?: (string);
  /**
   * Level now.
   */
  'level'?: (string);
}

/**
 * The level was set.
 */
export interface SetLogLevelResponse__Output {
  /**
   * Level before.
   */
  'previous_level': (string);
  /**
   * Level now.
   */
  'level': (string);
}
