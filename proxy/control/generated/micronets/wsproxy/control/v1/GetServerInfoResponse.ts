// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { ServerInfo as _micronets_wsproxy_control_v1_ServerInfo, ServerInfo__Output as _micronets_wsproxy_control_v1_ServerInfo__Output } from '../../../../micronets/wsproxy/control/v1/ServerInfo.js';

/**
 * What answers here.
 */
export interface GetServerInfoResponse {
  /**
   * The replica that answers.
   */
  'server'?: (_micronets_wsproxy_control_v1_ServerInfo | null);
  /**
   * Rights that the caller's certificate has: `viewer`, `operator`, `admin`, `tap-bodies`.
   */
  'caller_rights'?: (string)[];
  /**
   * Every replica of the fleet that answered within 2 s, the one that answers here first; empty where it is alone.
   */
  'replicas'?: (_micronets_wsproxy_control_v1_ServerInfo)[];
  /**
   * Names of the replicas that did not answer, or did not admit the caller; at most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * What answers here.
 */
export interface GetServerInfoResponse__Output {
  /**
   * The replica that answers.
   */
  'server': (_micronets_wsproxy_control_v1_ServerInfo__Output | null);
  /**
   * Rights that the caller's certificate has: `viewer`, `operator`, `admin`, `tap-bodies`.
   */
  'caller_rights': (string)[];
  /**
   * Every replica of the fleet that answered within 2 s, the one that answers here first; empty where it is alone.
   */
  'replicas': (_micronets_wsproxy_control_v1_ServerInfo__Output)[];
  /**
   * Names of the replicas that did not answer, or did not admit the caller; at most 256.
   */
  'unreachable_replicas': (string)[];
}
