// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto


/**
 * Which session to get.
 */
export interface GetSessionRequest {
  /**
   * `sessions/{uid}`.
   */
  'name'?: (string);
}

/**
 * Which session to get.
 */
export interface GetSessionRequest__Output {
  /**
   * `sessions/{uid}`.
   */
  'name': (string);
}
