// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { ServerInfo as _micronets_wsproxy_control_v1_ServerInfo, ServerInfo__Output as _micronets_wsproxy_control_v1_ServerInfo__Output } from '../../../../micronets/wsproxy/control/v1/ServerInfo.js';

/**
 * What answers here.
 */
export interface GetServerInfoResponse {
  /**
   * The replica.
   */
  'server'?: (_micronets_wsproxy_control_v1_ServerInfo | null);
  /**
   * Rights that the caller's certificate has: `viewer`, `operator`, `admin`, `tap-bodies`.
   */
  'caller_rights'?: (string)[];
}

/**
 * What answers here.
 */
export interface GetServerInfoResponse__Output {
  /**
   * The replica.
   */
  'server': (_micronets_wsproxy_control_v1_ServerInfo__Output | null);
  /**
   * Rights that the caller's certificate has: `viewer`, `operator`, `admin`, `tap-bodies`.
   */
  'caller_rights': (string)[];
}
