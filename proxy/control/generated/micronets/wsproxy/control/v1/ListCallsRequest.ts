// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';

/**
 * Which calls to list.
 */
export interface ListCallsRequest {
  /**
   * Those that began in this time; absent: all. At least 1 s.
   */
  'since'?: (_google_protobuf_Duration | null);
  /**
   * Beginning of the meetup id.
   */
  'meetup_id'?: (string);
  /**
   * Only those that failed.
   */
  'failed'?: (boolean);
  /**
   * Only those that took at least this long, in the proxy and at the peer together; absent: all.
   */
  'slower_than'?: (_google_protobuf_Duration | null);
  /**
   * Only those of this trace, claimed or not: 32 hex digits.
   */
  'trace_id'?: (string);
  /**
   * Most calls in the answer; 0 for 50, more than 500 is taken as 500, negative is refused.
   */
  'limit'?: (number);
}

/**
 * Which calls to list.
 */
export interface ListCallsRequest__Output {
  /**
   * Those that began in this time; absent: all. At least 1 s.
   */
  'since': (_google_protobuf_Duration__Output | null);
  /**
   * Beginning of the meetup id.
   */
  'meetup_id': (string);
  /**
   * Only those that failed.
   */
  'failed': (boolean);
  /**
   * Only those that took at least this long, in the proxy and at the peer together; absent: all.
   */
  'slower_than': (_google_protobuf_Duration__Output | null);
  /**
   * Only those of this trace, claimed or not: 32 hex digits.
   */
  'trace_id': (string);
  /**
   * Most calls in the answer; 0 for 50, more than 500 is taken as 500, negative is refused.
   */
  'limit': (number);
}
