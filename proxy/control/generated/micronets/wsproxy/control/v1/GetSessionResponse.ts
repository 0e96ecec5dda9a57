// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto

import type { Session as _micronets_wsproxy_control_v1_Session, Session__Output as _micronets_wsproxy_control_v1_Session__Output } from '../../../../micronets/wsproxy/control/v1/Session.js';

/**
 * The session.
 */
export interface GetSessionResponse {
  /**
   * As it is now.
   */
  'session'?: (_micronets_wsproxy_control_v1_Session | null);
}

/**
 * The session.
 */
export interface GetSessionResponse__Output {
  /**
   * As it is now.
   */
  'session': (_micronets_wsproxy_control_v1_Session__Output | null);
}
