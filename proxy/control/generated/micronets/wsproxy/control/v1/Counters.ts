// Original file: proto/micronets/wsproxy/control/v1/session.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What one connection moved.
 */
export interface Counters {
  /**
   * Messages that the peer sent, its HELLO included.
   */
  'messages_in'?: (number | string | Long);
  /**
   * Their payload bytes.
   */
  'bytes_in'?: (number | string | Long);
  /**
   * Messages that were sent to the peer, the other's HELLO included.
   */
  'messages_out'?: (number | string | Long);
  /**
   * Their payload bytes.
   */
  'bytes_out'?: (number | string | Long);
}

/**
 * What one connection moved.
 */
export interface Counters__Output {
  /**
   * Messages that the peer sent, its HELLO included.
   */
  'messages_in': (string);
  /**
   * Their payload bytes.
   */
  'bytes_in': (string);
  /**
   * Messages that were sent to the peer, the other's HELLO included.
   */
  'messages_out': (string);
  /**
   * Their payload bytes.
   */
  'bytes_out': (string);
}
