// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Visit as _micronets_wsproxy_control_v1_Visit, Visit__Output as _micronets_wsproxy_control_v1_Visit__Output } from '../../../../micronets/wsproxy/control/v1/Visit.js';
import type { Refusal as _micronets_wsproxy_control_v1_Refusal, Refusal__Output as _micronets_wsproxy_control_v1_Refusal__Output } from '../../../../micronets/wsproxy/control/v1/Refusal.js';
import type { EndingCount as _micronets_wsproxy_control_v1_EndingCount, EndingCount__Output as _micronets_wsproxy_control_v1_EndingCount__Output } from '../../../../micronets/wsproxy/control/v1/EndingCount.js';
import type { CallSummary as _micronets_wsproxy_control_v1_CallSummary, CallSummary__Output as _micronets_wsproxy_control_v1_CallSummary__Output } from '../../../../micronets/wsproxy/control/v1/CallSummary.js';
import type { Call as _micronets_wsproxy_control_v1_Call, Call__Output as _micronets_wsproxy_control_v1_Call__Output } from '../../../../micronets/wsproxy/control/v1/Call.js';
import type { Retention as _micronets_wsproxy_control_v1_Retention, Retention__Output as _micronets_wsproxy_control_v1_Retention__Output } from '../../../../micronets/wsproxy/control/v1/Retention.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

/**
 * What is remembered of a meetup, on all replicas together.
 */
export interface GetHistoryResponse {
  /**
   * Meetup id.
   */
  'meetup_id'?: (string);
  /**
   * In words, for people: what is wrong there, as far as this memory tells, most important first. Never empty.
   */
  'findings'?: (string)[];
  /**
   * Who is here now, in the order in which they came.
   */
  'present'?: (_micronets_wsproxy_control_v1_Visit)[];
  /**
   * Who was here, the newest first.
   */
  'past'?: (_micronets_wsproxy_control_v1_Visit)[];
  /**
   * Who was refused, the newest first; handshakes too, where the client claimed a certificate that is known of this meetup.
   */
  'refusals'?: (_micronets_wsproxy_control_v1_Refusal)[];
  /**
   * How often two met.
   */
  'meetings'?: (number | string | Long);
  /**
   * Why connections ended, the most frequent first.
   */
  'endings'?: (_micronets_wsproxy_control_v1_EndingCount)[];
  /**
   * Sums over all calls.
   */
  'summary'?: (_micronets_wsproxy_control_v1_CallSummary | null);
  /**
   * The last calls that did not fail, as far as they are kept, the newest first.
   */
  'calls'?: (_micronets_wsproxy_control_v1_Call)[];
  /**
   * The last calls that failed, the newest first.
   */
  'failed_calls'?: (_micronets_wsproxy_control_v1_Call)[];
  /**
   * How much is kept: of connections,
   */
  'kept_visits'?: (_micronets_wsproxy_control_v1_Retention | null);
  /**
   * of refusals,
   */
  'kept_refusals'?: (_micronets_wsproxy_control_v1_Retention | null);
  /**
   * of calls.
   */
  'kept_calls'?: (_micronets_wsproxy_control_v1_Retention | null);
  /**
   * Since when something is remembered of this meetup; absent when nothing is.
   */
  'since_time'?: (_google_protobuf_Timestamp | null);
  /**
   * When an edge last told of a handshake that it ended; absent when none has: nobody failed, or no edge tells (envoy/README.md).
   */
  'edge_report_time'?: (_google_protobuf_Timestamp | null);
  /**
   * Names of the replicas that did not answer within 2 s, or did not admit the caller; at most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * What is remembered of a meetup, on all replicas together.
 */
export interface GetHistoryResponse__Output {
  /**
   * Meetup id.
   */
  'meetup_id': (string);
  /**
   * In words, for people: what is wrong there, as far as this memory tells, most important first. Never empty.
   */
  'findings': (string)[];
  /**
   * Who is here now, in the order in which they came.
   */
  'present': (_micronets_wsproxy_control_v1_Visit__Output)[];
  /**
   * Who was here, the newest first.
   */
  'past': (_micronets_wsproxy_control_v1_Visit__Output)[];
  /**
   * Who was refused, the newest first; handshakes too, where the client claimed a certificate that is known of this meetup.
   */
  'refusals': (_micronets_wsproxy_control_v1_Refusal__Output)[];
  /**
   * How often two met.
   */
  'meetings': (string);
  /**
   * Why connections ended, the most frequent first.
   */
  'endings': (_micronets_wsproxy_control_v1_EndingCount__Output)[];
  /**
   * Sums over all calls.
   */
  'summary': (_micronets_wsproxy_control_v1_CallSummary__Output | null);
  /**
   * The last calls that did not fail, as far as they are kept, the newest first.
   */
  'calls': (_micronets_wsproxy_control_v1_Call__Output)[];
  /**
   * The last calls that failed, the newest first.
   */
  'failed_calls': (_micronets_wsproxy_control_v1_Call__Output)[];
  /**
   * How much is kept: of connections,
   */
  'kept_visits': (_micronets_wsproxy_control_v1_Retention__Output | null);
  /**
   * of refusals,
   */
  'kept_refusals': (_micronets_wsproxy_control_v1_Retention__Output | null);
  /**
   * of calls.
   */
  'kept_calls': (_micronets_wsproxy_control_v1_Retention__Output | null);
  /**
   * Since when something is remembered of this meetup; absent when nothing is.
   */
  'since_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * When an edge last told of a handshake that it ended; absent when none has: nobody failed, or no edge tells (envoy/README.md).
   */
  'edge_report_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Names of the replicas that did not answer within 2 s, or did not admit the caller; at most 256.
   */
  'unreachable_replicas': (string)[];
}
