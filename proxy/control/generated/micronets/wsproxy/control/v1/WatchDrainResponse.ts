// Original file: proto/micronets/wsproxy/control/v1/drain.proto

import type { Drain as _micronets_wsproxy_control_v1_Drain, Drain__Output as _micronets_wsproxy_control_v1_Drain__Output } from '../../../../micronets/wsproxy/control/v1/Drain.js';

/**
 * One progress report: first how it is now, then at most five a second while it changes and one every 10 s. The stream ends with DRAINED.
 */
export interface WatchDrainResponse {
  /**
   * As it is now.
   */
  'drain'?: (_micronets_wsproxy_control_v1_Drain | null);
}

/**
 * One progress report: first how it is now, then at most five a second while it changes and one every 10 s. The stream ends with DRAINED.
 */
export interface WatchDrainResponse__Output {
  /**
   * As it is now.
   */
  'drain': (_micronets_wsproxy_control_v1_Drain__Output | null);
}
