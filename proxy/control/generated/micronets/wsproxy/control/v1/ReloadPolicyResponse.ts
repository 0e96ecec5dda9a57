// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { PolicyInfo as _micronets_wsproxy_control_v1_PolicyInfo, PolicyInfo__Output as _micronets_wsproxy_control_v1_PolicyInfo__Output } from '../../../../micronets/wsproxy/control/v1/PolicyInfo.js';

/**
 * The policy was read.
 */
export interface ReloadPolicyResponse {
  /**
   * The policy now in force.
   */
  'policy'?: (_micronets_wsproxy_control_v1_PolicyInfo | null);
  /**
   * True when it differs from the one before.
   */
  'changed'?: (boolean);
  /**
   * Connections that lost their right and were ended.
   */
  'ended_connections'?: (number);
}

/**
 * The policy was read.
 */
export interface ReloadPolicyResponse__Output {
  /**
   * The policy now in force.
   */
  'policy': (_micronets_wsproxy_control_v1_PolicyInfo__Output | null);
  /**
   * True when it differs from the one before.
   */
  'changed': (boolean);
  /**
   * Connections that lost their right and were ended.
   */
  'ended_connections': (number);
}
