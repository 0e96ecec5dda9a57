// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Visit as _micronets_wsproxy_control_v1_Visit, Visit__Output as _micronets_wsproxy_control_v1_Visit__Output } from '../../../../micronets/wsproxy/control/v1/Visit.js';
import type { Refusal as _micronets_wsproxy_control_v1_Refusal, Refusal__Output as _micronets_wsproxy_control_v1_Refusal__Output } from '../../../../micronets/wsproxy/control/v1/Refusal.js';
import type { Call as _micronets_wsproxy_control_v1_Call, Call__Output as _micronets_wsproxy_control_v1_Call__Output } from '../../../../micronets/wsproxy/control/v1/Call.js';
import type { Long } from '@grpc/proto-loader';

/**
 * One thing that happened.
 */
export interface WatchHistoryResponse {
  /**
   * A peer came, met the other one, or went: as it is now.
   */
  'visit'?: (_micronets_wsproxy_control_v1_Visit | null);
  /**
   * Someone was refused, once.
   */
  'refusal'?: (_micronets_wsproxy_control_v1_Refusal | null);
  /**
   * A call ended.
   */
  'call'?: (_micronets_wsproxy_control_v1_Call | null);
  /**
   * What was left out before this, because the client did not take it in time.
   */
  'skipped'?: (number | string | Long);
  /**
   * Name of a replica that does not answer: what happens there is missing until it does.
   */
  'lost_replica'?: (string);
  /**
   * What; absent in a message about a replica, and in one that only tells what was left out.
   */
  'happening'?: "visit"|"refusal"|"call";
}

/**
 * One thing that happened.
 */
export interface WatchHistoryResponse__Output {
  /**
   * A peer came, met the other one, or went: as it is now.
   */
  'visit'?: (_micronets_wsproxy_control_v1_Visit__Output | null);
  /**
   * Someone was refused, once.
   */
  'refusal'?: (_micronets_wsproxy_control_v1_Refusal__Output | null);
  /**
   * A call ended.
   */
  'call'?: (_micronets_wsproxy_control_v1_Call__Output | null);
  /**
   * What was left out before this, because the client did not take it in time.
   */
  'skipped': (string);
  /**
   * Name of a replica that does not answer: what happens there is missing until it does.
   */
  'lost_replica': (string);
  /**
   * What; absent in a message about a replica, and in one that only tells what was left out.
   */
  'happening'?: "visit"|"refusal"|"call";
}
