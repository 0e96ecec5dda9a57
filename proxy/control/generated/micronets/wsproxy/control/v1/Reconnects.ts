// Original file: proto/micronets/wsproxy/control/v1/session.proto


/**
 * Sessions of one meetup that have ended, on all replicas together.
 */
export interface Reconnects {
  /**
   * In the last hour, as far as the replicas that answer within half a second remember (`--history-memory`).
   */
  'last_hour'?: (number);
}

/**
 * Sessions of one meetup that have ended, on all replicas together.
 */
export interface Reconnects__Output {
  /**
   * In the last hour, as far as the replicas that answer within half a second remember (`--history-memory`).
   */
  'last_hour': (number);
}
