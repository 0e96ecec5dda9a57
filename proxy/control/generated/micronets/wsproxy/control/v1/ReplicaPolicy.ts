// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { PolicyInfo as _micronets_wsproxy_control_v1_PolicyInfo, PolicyInfo__Output as _micronets_wsproxy_control_v1_PolicyInfo__Output } from '../../../../micronets/wsproxy/control/v1/PolicyInfo.js';

/**
 * The policy of one replica.
 */
export interface ReplicaPolicy {
  /**
   * Name of the replica.
   */
  'replica'?: (string);
  /**
   * The policy now in force there.
   */
  'policy'?: (_micronets_wsproxy_control_v1_PolicyInfo | null);
  /**
   * True when it differs from the one before.
   */
  'changed'?: (boolean);
}

/**
 * The policy of one replica.
 */
export interface ReplicaPolicy__Output {
  /**
   * Name of the replica.
   */
  'replica': (string);
  /**
   * The policy now in force there.
   */
  'policy': (_micronets_wsproxy_control_v1_PolicyInfo__Output | null);
  /**
   * True when it differs from the one before.
   */
  'changed': (boolean);
}
