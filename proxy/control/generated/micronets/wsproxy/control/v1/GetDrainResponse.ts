// Original file: proto/micronets/wsproxy/control/v1/drain.proto

import type { Drain as _micronets_wsproxy_control_v1_Drain, Drain__Output as _micronets_wsproxy_control_v1_Drain__Output } from '../../../../micronets/wsproxy/control/v1/Drain.js';

/**
 * The drain.
 */
export interface GetDrainResponse {
  /**
   * As it is now.
   */
  'drain'?: (_micronets_wsproxy_control_v1_Drain | null);
}

/**
 * The drain.
 */
export interface GetDrainResponse__Output {
  /**
   * As it is now.
   */
  'drain': (_micronets_wsproxy_control_v1_Drain__Output | null);
}
