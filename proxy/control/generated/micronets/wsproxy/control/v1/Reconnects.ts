// Original file: proto/micronets/wsproxy/control/v1/session.proto


/**
 * Sessions of one meetup that have ended.
 */
export interface Reconnects {
  /**
   * In the last hour, as far as the replica that serves the meetup now remembers (`--history-memory`).
   */
  'last_hour'?: (number);
}

/**
 * Sessions of one meetup that have ended.
 */
export interface Reconnects__Output {
  /**
   * In the last hour, as far as the replica that serves the meetup now remembers (`--history-memory`).
   */
  'last_hour': (number);
}
