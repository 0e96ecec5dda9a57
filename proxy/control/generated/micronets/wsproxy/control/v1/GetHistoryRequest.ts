// Original file: proto/micronets/wsproxy/control/v1/history.proto


/**
 * Whose history to get.
 */
export interface GetHistoryRequest {
  /**
   * Meetup id.
   */
  'meetup_id'?: (string);
  /**
   * Most visits, refusals, calls and failed calls each, the newest; 0 for 20, more than 500 is taken as 500, negative is refused.
   */
  'limit'?: (number);
}

/**
 * Whose history to get.
 */
export interface GetHistoryRequest__Output {
  /**
   * Meetup id.
   */
  'meetup_id': (string);
  /**
   * Most visits, refusals, calls and failed calls each, the newest; 0 for 20, more than 500 is taken as 500, negative is refused.
   */
  'limit': (number);
}
