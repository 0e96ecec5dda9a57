// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';

/**
 * A policy in force.
 */
export interface PolicyInfo {
  /**
   * File, or `any-verified`.
   */
  'source'?: (string);
  /**
   * SHA-256 of the file, lower-case hex; empty for `any-verified`. Replicas that enforce the same policy have the same.
   */
  'digest'?: (string);
  /**
   * Number of its rules.
   */
  'rules'?: (number);
  /**
   * When it was loaded.
   */
  'load_time'?: (_google_protobuf_Timestamp | null);
  /**
   * Why the last reload was refused; empty when it was not.
   */
  'last_error'?: (string);
}

/**
 * A policy in force.
 */
export interface PolicyInfo__Output {
  /**
   * File, or `any-verified`.
   */
  'source': (string);
  /**
   * SHA-256 of the file, lower-case hex; empty for `any-verified`. Replicas that enforce the same policy have the same.
   */
  'digest': (string);
  /**
   * Number of its rules.
   */
  'rules': (number);
  /**
   * When it was loaded.
   */
  'load_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Why the last reload was refused; empty when it was not.
   */
  'last_error': (string);
}
