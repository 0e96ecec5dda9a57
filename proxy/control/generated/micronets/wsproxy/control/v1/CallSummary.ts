// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Sums over all calls, kept or not.
 */
export interface CallSummary {
  /**
   * Calls that ended.
   */
  'calls'?: (number | string | Long);
  /**
   * Those without an answer.
   */
  'not_answered'?: (number | string | Long);
  /**
   * Those that were answered with 5xx, or with no status of HTTP.
   */
  'answered_5xx'?: (number | string | Long);
  /**
   * Those that were answered with 4xx.
   */
  'answered_4xx'?: (number | string | Long);
  /**
   * Those that were answered; the latencies are theirs.
   */
  'answered'?: (number | string | Long);
  /**
   * Mean time in the proxy; absent before the first answer.
   */
  'mean_proxy_latency'?: (_google_protobuf_Duration | null);
  /**
   * Longest time in the proxy; absent before the first answer.
   */
  'max_proxy_latency'?: (_google_protobuf_Duration | null);
  /**
   * Mean time at the peer that was asked; absent before the first answer.
   */
  'mean_peer_latency'?: (_google_protobuf_Duration | null);
  /**
   * Longest time at the peer; absent before the first answer.
   */
  'max_peer_latency'?: (_google_protobuf_Duration | null);
}

/**
 * Sums over all calls, kept or not.
 */
export interface CallSummary__Output {
  /**
   * Calls that ended.
   */
  'calls': (string);
  /**
   * Those without an answer.
   */
  'not_answered': (string);
  /**
   * Those that were answered with 5xx, or with no status of HTTP.
   */
  'answered_5xx': (string);
  /**
   * Those that were answered with 4xx.
   */
  'answered_4xx': (string);
  /**
   * Those that were answered; the latencies are theirs.
   */
  'answered': (string);
  /**
   * Mean time in the proxy; absent before the first answer.
   */
  'mean_proxy_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Longest time in the proxy; absent before the first answer.
   */
  'max_proxy_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Mean time at the peer that was asked; absent before the first answer.
   */
  'mean_peer_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Longest time at the peer; absent before the first answer.
   */
  'max_peer_latency': (_google_protobuf_Duration__Output | null);
}
