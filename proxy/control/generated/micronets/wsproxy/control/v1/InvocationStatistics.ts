// Original file: proto/micronets/wsproxy/control/v1/session.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';
import type { Long } from '@grpc/proto-loader';

/**
 * REST invocations of one session: REST:REQUEST to its REST:RESPONSE, both directions together.
 */
export interface InvocationStatistics {
  /**
   * Requests that have no response yet.
   */
  'in_flight'?: (number | string | Long);
  /**
   * Requests that ended, however they ended.
   */
  'completed'?: (number | string | Long);
  /**
   * Those of them that were not answered, or answered with 5xx or no status of HTTP.
   */
  'errors'?: (number | string | Long);
  /**
   * Mean time from request to response; absent before the first.
   */
  'mean_latency'?: (_google_protobuf_Duration | null);
  /**
   * Longest time from request to response; absent before the first.
   */
  'max_latency'?: (_google_protobuf_Duration | null);
  /**
   * Time that 99 of 100 requests of the last quarter to half of an hour were answered within, told at most 26 % too long; absent when none was
   * answered in that time.
   */
  'p99_latency'?: (_google_protobuf_Duration | null);
  /**
   * All answered requests, split: mean time in the proxy, of the request and of its response; absent before the first response.
   */
  'mean_proxy_latency'?: (_google_protobuf_Duration | null);
  /**
   * Longest time in the proxy; absent before the first response.
   */
  'max_proxy_latency'?: (_google_protobuf_Duration | null);
  /**
   * Mean time at the peer that was asked; absent before the first response.
   */
  'mean_peer_latency'?: (_google_protobuf_Duration | null);
  /**
   * Longest time at the peer that was asked; absent before the first response.
   */
  'max_peer_latency'?: (_google_protobuf_Duration | null);
}

/**
 * REST invocations of one session: REST:REQUEST to its REST:RESPONSE, both directions together.
 */
export interface InvocationStatistics__Output {
  /**
   * Requests that have no response yet.
   */
  'in_flight': (string);
  /**
   * Requests that ended, however they ended.
   */
  'completed': (string);
  /**
   * Those of them that were not answered, or answered with 5xx or no status of HTTP.
   */
  'errors': (string);
  /**
   * Mean time from request to response; absent before the first.
   */
  'mean_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Longest time from request to response; absent before the first.
   */
  'max_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Time that 99 of 100 requests of the last quarter to half of an hour were answered within, told at most 26 % too long; absent when none was
   * answered in that time.
   */
  'p99_latency': (_google_protobuf_Duration__Output | null);
  /**
   * All answered requests, split: mean time in the proxy, of the request and of its response; absent before the first response.
   */
  'mean_proxy_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Longest time in the proxy; absent before the first response.
   */
  'max_proxy_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Mean time at the peer that was asked; absent before the first response.
   */
  'mean_peer_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Longest time at the peer that was asked; absent before the first response.
   */
  'max_peer_latency': (_google_protobuf_Duration__Output | null);
}
