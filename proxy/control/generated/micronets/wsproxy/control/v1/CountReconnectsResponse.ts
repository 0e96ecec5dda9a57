// Original file: proto/micronets/wsproxy/control/v1/history.proto


/**
 * The counts, of all replicas together.
 */
export interface CountReconnectsResponse {
  /**
   * Sessions that have ended in the last hour, as far as they are remembered: one number for each meetup id, in their order.
   */
  'last_hour'?: (number)[];
  /**
   * Names of the replicas that did not answer within 2 s, or did not admit the caller; at most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * The counts, of all replicas together.
 */
export interface CountReconnectsResponse__Output {
  /**
   * Sessions that have ended in the last hour, as far as they are remembered: one number for each meetup id, in their order.
   */
  'last_hour': (number)[];
  /**
   * Names of the replicas that did not answer within 2 s, or did not admit the caller; at most 256.
   */
  'unreachable_replicas': (string)[];
}
