// Original file: proto/micronets/wsproxy/control/v1/history.proto


/**
 * Whose reconnects to count.
 */
export interface CountReconnectsRequest {
  /**
   * Meetup ids, 1 to 500.
   */
  'meetup_ids'?: (string)[];
}

/**
 * Whose reconnects to count.
 */
export interface CountReconnectsRequest__Output {
  /**
   * Meetup ids, 1 to 500.
   */
  'meetup_ids': (string)[];
}
