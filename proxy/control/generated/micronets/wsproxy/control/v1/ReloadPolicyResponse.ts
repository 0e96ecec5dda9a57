// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { PolicyInfo as _micronets_wsproxy_control_v1_PolicyInfo, PolicyInfo__Output as _micronets_wsproxy_control_v1_PolicyInfo__Output } from '../../../../micronets/wsproxy/control/v1/PolicyInfo.js';
import type { ReplicaPolicy as _micronets_wsproxy_control_v1_ReplicaPolicy, ReplicaPolicy__Output as _micronets_wsproxy_control_v1_ReplicaPolicy__Output } from '../../../../micronets/wsproxy/control/v1/ReplicaPolicy.js';

/**
 * The policy was read.
 */
export interface ReloadPolicyResponse {
  /**
   * The policy now in force on the replica that answers.
   */
  'policy'?: (_micronets_wsproxy_control_v1_PolicyInfo | null);
  /**
   * True when it differs from the one before, on any replica.
   */
  'changed'?: (boolean);
  /**
   * Connections that lost their right and were ended, on all replicas together.
   */
  'ended_connections'?: (number);
  /**
   * What is now in force on each replica that answered, the one that answers here first; empty where it is alone.
   */
  'replicas'?: (_micronets_wsproxy_control_v1_ReplicaPolicy)[];
  /**
   * Names of the replicas that did not answer within 5 s, or did not admit the caller: what is in force there is not known. At most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * The policy was read.
 */
export interface ReloadPolicyResponse__Output {
  /**
   * The policy now in force on the replica that answers.
   */
  'policy': (_micronets_wsproxy_control_v1_PolicyInfo__Output | null);
  /**
   * True when it differs from the one before, on any replica.
   */
  'changed': (boolean);
  /**
   * Connections that lost their right and were ended, on all replicas together.
   */
  'ended_connections': (number);
  /**
   * What is now in force on each replica that answered, the one that answers here first; empty where it is alone.
   */
  'replicas': (_micronets_wsproxy_control_v1_ReplicaPolicy__Output)[];
  /**
   * Names of the replicas that did not answer within 5 s, or did not admit the caller: what is in force there is not known. At most 256.
   */
  'unreachable_replicas': (string)[];
}
