// Original file: proto/micronets/wsproxy/control/v1/tap.proto


/**
 * Which session to tap. A tap ends with its session, and after one hour at the latest.
 */
export interface TapSessionRequest {
  /**
   * `sessions/{uid}`.
   */
  'name'?: (string);
  /**
   * Sends bodies too. Needs the right `tap-bodies` beside `operator`.
   */
  'include_bodies'?: (boolean);
  /**
   * Most bytes of one body: 0 for 4096, more than 65536 is taken as 65536. Longer ones are cut.
   */
  'max_body_bytes'?: (number);
}

/**
 * Which session to tap. A tap ends with its session, and after one hour at the latest.
 */
export interface TapSessionRequest__Output {
  /**
   * `sessions/{uid}`.
   */
  'name': (string);
  /**
   * Sends bodies too. Needs the right `tap-bodies` beside `operator`.
   */
  'include_bodies': (boolean);
  /**
   * Most bytes of one body: 0 for 4096, more than 65536 is taken as 65536. Longer ones are cut.
   */
  'max_body_bytes': (number);
}
