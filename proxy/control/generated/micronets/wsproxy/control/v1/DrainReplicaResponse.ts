// Original file: proto/micronets/wsproxy/control/v1/drain.proto

import type { Drain as _micronets_wsproxy_control_v1_Drain, Drain__Output as _micronets_wsproxy_control_v1_Drain__Output } from '../../../../micronets/wsproxy/control/v1/Drain.js';

/**
 * The drain has begun, or had.
 */
export interface DrainReplicaResponse {
  /**
   * As it is now.
   */
  'drain'?: (_micronets_wsproxy_control_v1_Drain | null);
  /**
   * True when this call began it, false when it was under way already and its plan stands.
   */
  'started'?: (boolean);
}

/**
 * The drain has begun, or had.
 */
export interface DrainReplicaResponse__Output {
  /**
   * As it is now.
   */
  'drain': (_micronets_wsproxy_control_v1_Drain__Output | null);
  /**
   * True when this call began it, false when it was under way already and its plan stands.
   */
  'started': (boolean);
}
