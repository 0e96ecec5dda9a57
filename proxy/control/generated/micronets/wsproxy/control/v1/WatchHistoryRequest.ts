// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';

/**
 * What to follow, from now on.
 */
export interface WatchHistoryRequest {
  /**
   * Which kinds are sent; where none is set, all are.
   */
  'visits'?: (boolean);
  /**
   * Refusals.
   */
  'refusals'?: (boolean);
  /**
   * Calls, as far as they are kept.
   */
  'calls'?: (boolean);
  /**
   * Beginning of the meetup id.
   */
  'meetup_id'?: (string);
  /**
   * Part of the subject, whatever the case of its letters; of visits and refusals.
   */
  'subject'?: (string);
  /**
   * Only calls that failed.
   */
  'failed'?: (boolean);
  /**
   * Only calls that took at least this long; absent: all.
   */
  'slower_than'?: (_google_protobuf_Duration | null);
}

/**
 * What to follow, from now on.
 */
export interface WatchHistoryRequest__Output {
  /**
   * Which kinds are sent; where none is set, all are.
   */
  'visits': (boolean);
  /**
   * Refusals.
   */
  'refusals': (boolean);
  /**
   * Calls, as far as they are kept.
   */
  'calls': (boolean);
  /**
   * Beginning of the meetup id.
   */
  'meetup_id': (string);
  /**
   * Part of the subject, whatever the case of its letters; of visits and refusals.
   */
  'subject': (string);
  /**
   * Only calls that failed.
   */
  'failed': (boolean);
  /**
   * Only calls that took at least this long; absent: all.
   */
  'slower_than': (_google_protobuf_Duration__Output | null);
}
