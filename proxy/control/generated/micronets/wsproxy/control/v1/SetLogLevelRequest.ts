// Original file: proto/micronets/wsproxy/control/v1/server.proto


/**
 * Asks for more or fewer log lines.
 */
export interface SetLogLevelRequest {
  /**
   * `trace`, `debug`, `info`, `warn`, `error` or `fatal`.
   */
  'level'?: (string);
}

/**
 * Asks for more or fewer log lines.
 */
export interface SetLogLevelRequest__Output {
  /**
   * `trace`, `debug`, `info`, `warn`, `error` or `fatal`.
   */
  'level': (string);
}
