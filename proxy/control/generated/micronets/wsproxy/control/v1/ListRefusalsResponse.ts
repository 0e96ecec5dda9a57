// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Refusal as _micronets_wsproxy_control_v1_Refusal, Refusal__Output as _micronets_wsproxy_control_v1_Refusal__Output } from '../../../../micronets/wsproxy/control/v1/Refusal.js';
import type { Retention as _micronets_wsproxy_control_v1_Retention, Retention__Output as _micronets_wsproxy_control_v1_Retention__Output } from '../../../../micronets/wsproxy/control/v1/Retention.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';

/**
 * The refusals, on all replicas together.
 */
export interface ListRefusalsResponse {
  /**
   * The newest first.
   */
  'refusals'?: (_micronets_wsproxy_control_v1_Refusal)[];
  /**
   * Records that match, also beyond the limit, of the replicas that answered.
   */
  'total_size'?: (number);
  /**
   * How much of all refusals is kept, whatever was asked for.
   */
  'kept'?: (_micronets_wsproxy_control_v1_Retention | null);
  /**
   * When an edge last told of a handshake that it ended; absent when none has: nobody failed, or no edge tells (envoy/README.md).
   */
  'edge_report_time'?: (_google_protobuf_Timestamp | null);
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
 * The refusals, on all replicas together.
 */
export interface ListRefusalsResponse__Output {
  /**
   * The newest first.
   */
  'refusals': (_micronets_wsproxy_control_v1_Refusal__Output)[];
  /**
   * Records that match, also beyond the limit, of the replicas that answered.
   */
  'total_size': (number);
  /**
   * How much of all refusals is kept, whatever was asked for.
   */
  'kept': (_micronets_wsproxy_control_v1_Retention__Output | null);
  /**
   * When an edge last told of a handshake that it ended; absent when none has: nobody failed, or no edge tells (envoy/README.md).
   */
  'edge_report_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Since when the oldest process remembers.
   */
  'since_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Names of the replicas that did not answer within 2 s, or did not admit the caller; at most 256.
   */
  'unreachable_replicas': (string)[];
}
