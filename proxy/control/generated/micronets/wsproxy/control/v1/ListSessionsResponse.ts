// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto

import type { Session as _micronets_wsproxy_control_v1_Session, Session__Output as _micronets_wsproxy_control_v1_Session__Output } from '../../../../micronets/wsproxy/control/v1/Session.js';

/**
 * One page of sessions.
 */
export interface ListSessionsResponse {
  /**
   * At most `page_size` of them, in order. A session that lives while all pages are read is in exactly one of them, but for `order_by` and filters
   * by figures that change meanwhile.
   */
  'sessions'?: (_micronets_wsproxy_control_v1_Session)[];
  /**
   * For the next page; empty when this is the last.
   */
  'next_page_token'?: (string);
  /**
   * Sessions that match the filter now, on all pages together, of the replicas that answered.
   */
  'total_size'?: (number);
  /**
   * Names of the replicas whose sessions are not in this page, because they did not answer within 2 s or did not admit the caller; at most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * One page of sessions.
 */
export interface ListSessionsResponse__Output {
  /**
   * At most `page_size` of them, in order. A session that lives while all pages are read is in exactly one of them, but for `order_by` and filters
   * by figures that change meanwhile.
   */
  'sessions': (_micronets_wsproxy_control_v1_Session__Output)[];
  /**
   * For the next page; empty when this is the last.
   */
  'next_page_token': (string);
  /**
   * Sessions that match the filter now, on all pages together, of the replicas that answered.
   */
  'total_size': (number);
  /**
   * Names of the replicas whose sessions are not in this page, because they did not answer within 2 s or did not admit the caller; at most 256.
   */
  'unreachable_replicas': (string)[];
}
