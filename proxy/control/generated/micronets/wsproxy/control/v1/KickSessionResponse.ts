// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto

import type { Session as _micronets_wsproxy_control_v1_Session, Session__Output as _micronets_wsproxy_control_v1_Session__Output } from '../../../../micronets/wsproxy/control/v1/Session.js';
import type { Block as _micronets_wsproxy_control_v1_Block, Block__Output as _micronets_wsproxy_control_v1_Block__Output } from '../../../../micronets/wsproxy/control/v1/Block.js';

/**
 * What the kick did.
 */
export interface KickSessionResponse {
  /**
   * The session as the kick left it.
   */
  'session'?: (_micronets_wsproxy_control_v1_Session | null);
  /**
   * uids of the peers that were kicked.
   */
  'kicked_peer_uids'?: (string)[];
  /**
   * The blocks that were set.
   */
  'blocks'?: (_micronets_wsproxy_control_v1_Block)[];
}

/**
 * What the kick did.
 */
export interface KickSessionResponse__Output {
  /**
   * The session as the kick left it.
   */
  'session': (_micronets_wsproxy_control_v1_Session__Output | null);
  /**
   * uids of the peers that were kicked.
   */
  'kicked_peer_uids': (string)[];
  /**
   * The blocks that were set.
   */
  'blocks': (_micronets_wsproxy_control_v1_Block__Output)[];
}
