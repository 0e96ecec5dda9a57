// Original file: proto/micronets/wsproxy/control/v1/drain.proto

import type { DrainState as _micronets_wsproxy_control_v1_DrainState, DrainState__Output as _micronets_wsproxy_control_v1_DrainState__Output } from '../../../../micronets/wsproxy/control/v1/DrainState.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

/**
 * How far a drain is.
 */
export interface Drain {
  /**
   * Where it stands.
   */
  'state'?: (_micronets_wsproxy_control_v1_DrainState);
  /**
   * When it began; absent while serving.
   */
  'start_time'?: (_google_protobuf_Timestamp | null);
  /**
   * When sessions with invocations in flight are closed too; absent unless draining.
   */
  'deadline_time'?: (_google_protobuf_Timestamp | null);
  /**
   * Sessions when it began.
   */
  'sessions_at_start'?: (number);
  /**
   * Sessions that are left.
   */
  'sessions_left'?: (number);
  /**
   * Connections that are left, those without a seat included.
   */
  'connections_left'?: (number);
  /**
   * Invocations that have no response yet.
   */
  'invocations_in_flight'?: (number | string | Long);
  /**
   * Name of the replica.
   */
  'replica'?: (string);
}

/**
 * How far a drain is.
 */
export interface Drain__Output {
  /**
   * Where it stands.
   */
  'state': (_micronets_wsproxy_control_v1_DrainState__Output);
  /**
   * When it began; absent while serving.
   */
  'start_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * When sessions with invocations in flight are closed too; absent unless draining.
   */
  'deadline_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Sessions when it began.
   */
  'sessions_at_start': (number);
  /**
   * Sessions that are left.
   */
  'sessions_left': (number);
  /**
   * Connections that are left, those without a seat included.
   */
  'connections_left': (number);
  /**
   * Invocations that have no response yet.
   */
  'invocations_in_flight': (string);
  /**
   * Name of the replica.
   */
  'replica': (string);
}
