// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Call as _micronets_wsproxy_control_v1_Call, Call__Output as _micronets_wsproxy_control_v1_Call__Output } from '../../../../micronets/wsproxy/control/v1/Call.js';
import type { Retention as _micronets_wsproxy_control_v1_Retention, Retention__Output as _micronets_wsproxy_control_v1_Retention__Output } from '../../../../micronets/wsproxy/control/v1/Retention.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';

/**
 * The calls, on all replicas together.
 */
export interface ListCallsResponse {
  /**
   * The newest first.
   */
  'calls'?: (_micronets_wsproxy_control_v1_Call)[];
  /**
   * Kept calls that match, also beyond the limit, of the replicas that answered.
   */
  'total_size'?: (number);
  /**
   * How much is kept of the calls of the meetups that match: those that failed or took a second are kept before the others.
   */
  'kept'?: (_micronets_wsproxy_control_v1_Retention | null);
  /**
   * Since when the oldest process remembers.
   */
  'since_time'?: (_google_protobuf_Timestamp | null);
  /**
   * Names of the replicas that did not answer within 2 s, or did not admit the caller; at most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * The calls, on all replicas together.
 */
export interface ListCallsResponse__Output {
  /**
   * The newest first.
   */
  'calls': (_micronets_wsproxy_control_v1_Call__Output)[];
  /**
   * Kept calls that match, also beyond the limit, of the replicas that answered.
   */
  'total_size': (number);
  /**
   * How much is kept of the calls of the meetups that match: those that failed or took a second are kept before the others.
   */
  'kept': (_micronets_wsproxy_control_v1_Retention__Output | null);
  /**
   * Since when the oldest process remembers.
   */
  'since_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Names of the replicas that did not answer within 2 s, or did not admit the caller; at most 256.
   */
  'unreachable_replicas': (string)[];
}
